/** The end of an account: what will happen, and the button for it. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import * as copy from './copy.ts';
import { atField, confirmationFields, needsSignIn, signInAgainPage } from './confirmation.ts';
import { refusalNotice } from './fields.ts';
import type { Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

export function accountDeletePage(confirmation: Confirmation, refused?: Refusal): Page {
  const refusal = atField('password', refused);
  if (needsSignIn(confirmation)) return signInAgainPage(copy.accountDeleteTitle, '/account/delete');
  const { email } = confirmation;
  return {
    title: copy.accountDeleteTitle,
    body: html`
      <p class="lead">${copy.accountDeleteLead(html`<strong>${email}</strong>`)}</p>
      <ul class="points">
        ${copy.accountDeletePoints.map((point) => html`<li>${point}</li>`)}
      </ul>
      <p class="fine">
        ${copy.accountDeleteKeep} <a href="/account/export" download>${copy.accountDeleteDownload}</a>
      </p>
      ${refusalNotice(refusal)}
      <form method="post" action="/account/delete">
        ${confirmationFields(confirmation, refusal)}
        <button class="button danger">${copy.accountDeleteSubmit}</button>
        <a class="button quiet" href="/account">${copy.accountDeleteCancel}</a>
      </form>
    `,
  };
}
