/** What a person wants to be called, and written to in. */
import { html } from 'hono/html';
import { type Language, languages } from '../../db/languages.ts';
import { languageNames } from '../core/language.ts';
import { accountNamePageCopy } from './copy.ts';
import { nameField, refusalNotice } from './fields.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';

interface Profile {
  readonly name: string | null;
  readonly locale: Language;
}

/** Without a profile the form is filled with what was refused. */
export function accountNamePage(c: PageContext, profile: Profile | undefined, refusal?: Refusal): Page {
  const language = languageOf(c);
  const copy = accountNamePageCopy[language];
  const chosen = refusal?.values['locale'] ?? profile?.locale;
  return {
    title: copy.title,
    body: html`
      ${refusalNotice(refusal)}
      <form method="post" action="/account/name">
        ${nameField(
          language,
          { hint: copy.hint, enterKeyHint: 'done', value: profile?.name ?? undefined, isFirst: true },
          refusal,
        )}
        <div class="field">
          <label for="locale">${copy.locale}</label>
          <p class="hint" id="locale-hint">${copy.localeHint}</p>
          <select id="locale" name="locale" aria-describedby="locale-hint">
            ${languages.map(
              (each) =>
                html`<option value="${each}" lang="${each}" ${each === chosen ? html`selected` : ''}>
                  ${languageNames[each]}
                </option>`,
            )}
          </select>
        </div>
        <button class="button">${copy.submit}</button>
      </form>
      <p class="links"><a href="/account">${copy.back}</a></p>
    `,
  };
}
