/** Why an API key was not made, replaced or ended. */
import { organizationKeysPageCopy } from './copy.ts';
import { signInAgainPage } from './confirmation.ts';
import { keysPath } from './keys-path.ts';
import type { Page, PageContext } from './layout.ts';
import { refusedButtonPage } from './organization-refusal.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';

export function refusedKeyButtonPage(c: PageContext, refusal: Refusal): Page | undefined {
  const back = keysPath(refusal.values['organization_id']);
  return signInToKeysPage(c, refusal) ?? refusedButtonPage(c, refusal, back);
}

/** For who has to sign in first, and comes back to the same organization; undefined for any other refusal. */
export function signInToKeysPage(c: PageContext, { slug, values }: Refusal): Page | undefined {
  if (slug !== 'reauthentication-required') return undefined;
  const language = languageOf(c);
  const { title, signInReason } = organizationKeysPageCopy[language];
  return signInAgainPage(language, title, keysPath(values['organization_id']), signInReason);
}
