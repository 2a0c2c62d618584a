/** Another address for the account. */
import { html } from 'hono/html';
import type { Confirmation } from '../accounts/reauthenticate.ts';
import { toBreakable } from './breakable.ts';
import { accountEmailPageCopy } from './copy.ts';
import { atField, confirmationFields, needsSignIn, signInAgainPage } from './confirmation.ts';
import { emailField, refusalNotice } from './fields.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { revealScript } from './reveal.ts';

export function accountEmailPage(c: PageContext, confirmation: Confirmation, refused?: Refusal): Page {
  const language = languageOf(c);
  const copy = accountEmailPageCopy[language];
  const refusal = atField(language, 'password', refused);
  if (needsSignIn(confirmation)) return signInAgainPage(language, copy.title, '/account/email');
  return {
    title: copy.title,
    scripts: confirmation.hasPassword ? [revealScript] : [],
    body: html`
      <p class="lead">${copy.lead(html`<strong>${toBreakable(confirmation.email)}</strong>`)}</p>
      ${refusalNotice(refusal)}
      <form method="post" action="/account/email">
        ${emailField(
          language,
          { label: copy.label, autocomplete: 'email', enterKeyHint: 'next', isFirst: true },
          refusal,
        )}
        ${confirmationFields(language, confirmation, refusal, { enterKeyHint: 'send' })}
        <button class="button">${copy.submit}</button>
      </form>
      <p class="links"><a href="/account">${copy.back}</a></p>
    `,
  };
}
