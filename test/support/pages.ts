/** The pages of who is signed in, as a browser without scripts has them, and what tests expect of them. */
import assert from 'node:assert/strict';
import type { Registered, TestBlockbot } from './blockbot.ts';
import { type BrowserClient, createBrowser, readWhole } from './browser.ts';

export async function signIn(
  bot: TestBlockbot,
  { email, password }: Registered,
  userAgent?: string,
): Promise<BrowserClient> {
  const browser = createBrowser(bot, userAgent);
  expectRedirect(await browser.submit('/auth/sign-in', { email, password }), '/account');
  return browser;
}

/** Signed in, and working in the organization. */
export async function openOrganization(
  bot: TestBlockbot,
  account: Registered,
  organizationId: string,
): Promise<BrowserClient> {
  const browser = await signIn(bot, account);
  const switched = await browser.submit('/account/organizations/switch', { organization_id: organizationId });
  expectRedirect(switched, '/organization?notice=switched');
  return browser;
}

/** Who signed in longer ago than what wants a recent sign-in allows, from the next request on. */
export async function makeStaleBrowser(
  { database }: TestBlockbot,
  browser: BrowserClient,
  { user }: Registered,
): Promise<void> {
  await database.sql`
    update refresh_tokens set created_at = now() - interval '16 minutes' where user_id = ${user.id}`;
  browser.cookies.delete('__Host-access');
}

export function expectRedirect(response: Response, location: string): void {
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), location);
}

/** The whole page, which says all of it. */
export async function expectText(response: Response, status: number, ...patterns: readonly RegExp[]) {
  const text = await readWhole(response);
  assert.equal(response.status, status, text);
  for (const pattern of patterns) assert.match(text, pattern);
  return text;
}
