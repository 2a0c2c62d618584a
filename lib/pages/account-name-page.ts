/** What a person wants to be called. */
import { html } from 'hono/html';
import { accountNamePageCopy } from './copy.ts';
import { nameField, refusalNotice } from './fields.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';

export function accountNamePage(c: PageContext, name: string | null, refusal?: Refusal): Page {
  const language = languageOf(c);
  const copy = accountNamePageCopy[language];
  return {
    title: copy.title,
    body: html`
      ${refusalNotice(refusal)}
      <form method="post" action="/account/name">
        ${nameField(
          language,
          { hint: copy.hint, enterKeyHint: 'done', value: name ?? undefined, isFirst: true },
          refusal,
        )}
        <button class="button">${copy.submit}</button>
      </form>
      <p class="links"><a href="/account">${copy.back}</a></p>
    `,
  };
}
