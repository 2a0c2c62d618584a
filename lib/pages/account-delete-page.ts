/** The end of an account: what will happen, and the button for it. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import { toBreakable } from './breakable.ts';
import { accountDeletePageCopy } from './copy.ts';
import { atField, confirmationFields, needsSignIn, signInAgainPage } from './confirmation.ts';
import { refusalNotice } from './fields.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { revealScript } from './reveal.ts';

export function accountDeletePage(c: PageContext, confirmation: Confirmation, refused?: Refusal): Page {
  const language = languageOf(c);
  const copy = accountDeletePageCopy[language];
  const refusal = atField(language, 'password', refused);
  if (needsSignIn(confirmation)) return signInAgainPage(language, copy.title, '/account/delete');
  return {
    title: copy.title,
    scripts: confirmation.hasPassword ? [revealScript] : [],
    body: html`
      <p class="lead">${copy.lead(html`<strong>${toBreakable(confirmation.email)}</strong>`)}</p>
      <ul class="points">
        ${copy.points.map((point) => html`<li>${point}</li>`)}
      </ul>
      <p class="fine">${copy.keep} <a href="/account/export" download>${copy.download}</a></p>
      ${refusalNotice(refusal)}
      <form method="post" action="/account/delete">
        ${confirmationFields(language, confirmation, refusal)}
        <button class="button danger">${copy.submit}</button>
        <a class="button quiet" href="/account">${copy.cancel}</a>
      </form>
    `,
  };
}
