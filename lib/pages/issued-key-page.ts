/** The one time that a key is shown, which was just made or replaced; and what the same form is answered after that. */
import { html } from 'hono/html';
import type { FormerKey, IssuedKey } from '../api-keys/api-key-creation.ts';
import { formerKeyPageCopy, issuedKeyPageCopy, organizationKeysPageCopy } from './copy.ts';
import { keysPath } from './keys-path.ts';
import type { Page, PageContext } from './layout.ts';
import { toLabel } from './link-label.ts';
import { languageOf } from './page-language.ts';
import { shownOncePage } from './shown-once-page.ts';

/** @param act what the form does */
export function issuedKeyPage(c: PageContext, { key, apiKey }: IssuedKey | FormerKey, act: Act): Page {
  const { organization_id, id } = apiKey;
  if (key === undefined) return formerKeyPage(c, apiKey, act);
  const { back, clientId, ...copy } = issuedKeyPageCopy[languageOf(c)];
  return shownOncePage({
    ...copy,
    id: 'key',
    value: key,
    also: { ...clientId, id: 'client-id', value: id },
    back: { href: keysPath(organization_id), label: back },
  });
}

type Act = 'create' | 'rotate';

/** Without the key, which nobody can be shown again: its end, and the way back to where it is replaced. */
function formerKeyPage(c: PageContext, { id, name, organization_id }: FormerKey['apiKey'], act: Act): Page {
  const language = languageOf(c);
  const copy = formerKeyPageCopy[language];
  const { revoke, revokeMeaning } = organizationKeysPageCopy[language];
  return {
    title: copy[act].title,
    body: html`
      <p class="lead">${copy[act].lead(name)}</p>
      <form method="post" action="/organization/keys/revoke">
        <input type="hidden" name="organization_id" value="${organization_id}" />
        <input type="hidden" name="id" value="${id}" />
        <p class="fine">${revokeMeaning}</p>
        <button class="button danger">${toLabel(revoke(name))}</button>
      </form>
      <p class="links"><a href="${keysPath(organization_id)}">${copy.back}</a></p>
    `,
  };
}
