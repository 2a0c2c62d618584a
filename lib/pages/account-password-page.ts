/** Another password, or the first of an account that has none. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import { atField, confirmationFields, needsSignIn, signInAgainPage } from './confirmation.ts';
import { newPasswordField, refusalNotice } from './fields.ts';
import type { Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

export function accountPasswordPage(confirmation: Confirmation, refused?: Refusal): Page {
  const refusal = atField('current_password', refused);
  const { hasPassword } = confirmation;
  const title = hasPassword ? 'Change your password' : 'Set a password';
  if (needsSignIn(confirmation)) return signInAgainPage(title, '/account/password');
  return {
    title,
    body: html`
      <p class="lead">All your other devices are signed out by it.</p>
      ${refusalNotice(refusal)}
      <form method="post" action="/account/password">
        ${confirmationFields(confirmation, refusal, {
          name: 'current_password',
          label: 'Current password',
          enterKeyHint: 'next',
          isFirst: true,
        })}
        ${newPasswordField({ name: 'new_password', isFirst: !hasPassword }, refusal)}
        <button class="button">${hasPassword ? 'Change password' : 'Set password'}</button>
      </form>
      <p class="links">
        <a href="/account">Back to your account</a>
        ${hasPassword ? html`<a href="/auth/forgot">Forgot your password?</a>` : ''}
      </p>
    `,
  };
}
