/** Another address for the account. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import { atField, confirmationFields, needsSignIn, signInAgainPage } from './confirmation.ts';
import { emailField, refusalNotice } from './fields.ts';
import type { Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

const title = 'Change your email address';

export function accountEmailPage(confirmation: Confirmation, refused?: Refusal): Page {
  const refusal = atField('password', refused);
  if (needsSignIn(confirmation)) return signInAgainPage(title, '/account/email');
  return {
    title,
    body: html`
      <p class="lead">
        We mail a link to the new address; the change is made when you open it. Until then you sign in with
        <strong>${confirmation.email}</strong>, where we mail a notice, too.
      </p>
      ${refusalNotice(refusal)}
      <form method="post" action="/account/email">
        ${emailField(
          { label: 'New email address', autocomplete: 'email', enterKeyHint: 'next', isFirst: true },
          refusal,
        )}
        ${confirmationFields(confirmation, refusal, { enterKeyHint: 'send' })}
        <button class="button">Mail me a link</button>
      </form>
      <p class="links"><a href="/account">Back to your account</a></p>
    `,
  };
}
