/** Another password, or the first of an account that has none. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import * as copy from './copy.ts';
import { atField, confirmationFields, needsSignIn, signInAgainPage } from './confirmation.ts';
import { newPasswordField, refusalNotice } from './fields.ts';
import type { Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

export function accountPasswordPage(confirmation: Confirmation, refused?: Refusal): Page {
  const refusal = atField('current_password', refused);
  const { hasPassword } = confirmation;
  const { title, button } = hasPassword ? copy.accountPasswordChange : copy.accountPasswordSet;
  if (needsSignIn(confirmation)) return signInAgainPage(title, '/account/password');
  return {
    title,
    body: html`
      <p class="lead">${copy.accountPasswordLead}</p>
      ${refusalNotice(refusal)}
      <form method="post" action="/account/password">
        ${confirmationFields(confirmation, refusal, {
          name: 'current_password',
          label: copy.accountPasswordCurrent,
          enterKeyHint: 'next',
          isFirst: true,
        })}
        ${newPasswordField({ name: 'new_password', isFirst: !hasPassword }, refusal)}
        <button class="button">${button}</button>
      </form>
      <p class="links">
        <a href="/account">${copy.backToAccount}</a>
        ${hasPassword ? html`<a href="/auth/forgot">${copy.forgotPassword}</a>` : ''}
      </p>
    `,
  };
}
