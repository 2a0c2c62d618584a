/** Another address for the account. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import * as copy from './copy.ts';
import { atField, confirmationFields, needsSignIn, signInAgainPage } from './confirmation.ts';
import { emailField, refusalNotice } from './fields.ts';
import type { Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

export function accountEmailPage(confirmation: Confirmation, refused?: Refusal): Page {
  const refusal = atField('password', refused);
  if (needsSignIn(confirmation)) return signInAgainPage(copy.accountEmailTitle, '/account/email');
  return {
    title: copy.accountEmailTitle,
    body: html`
      <p class="lead">${copy.accountEmailLead(html`<strong>${confirmation.email}</strong>`)}</p>
      ${refusalNotice(refusal)}
      <form method="post" action="/account/email">
        ${emailField(
          { label: copy.accountEmailLabel, autocomplete: 'email', enterKeyHint: 'next', isFirst: true },
          refusal,
        )}
        ${confirmationFields(confirmation, refusal, { enterKeyHint: 'send' })}
        <button class="button">${copy.accountEmailSubmit}</button>
      </form>
      <p class="links"><a href="/account">${copy.backToAccount}</a></p>
    `,
  };
}
