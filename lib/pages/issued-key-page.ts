/** The one time that a key is shown, which was just made or replaced. */
import { issuedKeyPageCopy } from './copy.ts';
import { keysPath } from './keys-path.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import { shownOncePage } from './shown-once-page.ts';

export function issuedKeyPage(c: PageContext, organizationId: string, key: string): Page {
  const { back, ...copy } = issuedKeyPageCopy[languageOf(c)];
  return shownOncePage({
    ...copy,
    id: 'key',
    value: key,
    back: { href: keysPath(organizationId), label: back },
  });
}
