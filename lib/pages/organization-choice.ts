/** Where a page of an organization leads who works in none. */
import type { PageContext } from './layout.ts';

export function sendToChoice(c: PageContext) {
  return c.redirect('/account/organizations?notice=choose', 303);
}
