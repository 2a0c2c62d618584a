/** The end of an account: what will happen, and the button for it. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import { atField, confirmationFields, needsSignIn, signInAgainPage } from './confirmation.ts';
import { refusalNotice } from './fields.ts';
import type { Page } from './layout.ts';
import type { Refusal } from './refusal.ts';

const title = 'Delete your account';

export function accountDeletePage(confirmation: Confirmation, refused?: Refusal): Page {
  const refusal = atField('password', refused);
  if (needsSignIn(confirmation)) return signInAgainPage(title, '/account/delete');
  const { email } = confirmation;
  return {
    title,
    body: html`
      <p class="lead">This ends the account of <strong>${email}</strong> at once. It can’t be undone.</p>
      <ul class="points">
        <li>
          Your profile, your devices and the letters that wait for you are deleted, and you are signed out
          everywhere.
        </li>
        <li>Organizations that nobody else is in are deleted, with all that is theirs.</li>
        <li>What stays is a record of security events, such as sign-ins, without your name and address.</li>
      </ul>
      <p class="fine">To keep a copy, <a href="/account/export" download>download your data</a> first.</p>
      ${refusalNotice(refusal)}
      <form method="post" action="/account/delete">
        ${confirmationFields(confirmation, refusal)}
        <button class="button danger">Delete my account</button>
        <a class="button quiet" href="/account">Keep my account</a>
      </form>
    `,
  };
}
