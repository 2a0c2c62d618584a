/** The one time that a key is shown, which was just made or replaced. */
import { html } from 'hono/html';
import { issuedKeyPageCopy } from './copy.ts';
import { keysPath } from './keys-path.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';

export function issuedKeyPage(c: PageContext, organizationId: string, key: string): Page {
  const { title, lead, label, back } = issuedKeyPageCopy[languageOf(c)];
  return {
    title,
    body: html`
      <p class="lead">${lead}</p>
      <div class="field">
        <label for="key">${label}</label>
        <input id="key" type="text" value="${key}" readonly autofocus autocomplete="off" spellcheck="false" />
      </div>
      <p class="links"><a href="${keysPath(organizationId)}">${back}</a></p>
    `,
  };
}
