/**
 * Apps of the operator on other origins of our own site, which may use what a browser's cookies are worth: those of
 * `COOKIE_ORIGINS` alone, to the letter. That is the defence against cross-site requests (OWASP) of what takes cookies and is no
 * page of ours; a body of JSON has the browser ask before it sends anything, too.
 */
import { Problem } from '../core/problem.ts';
import type { CallerRule } from './guard.ts';
import type { FunctionContext } from './services.ts';

/** A page of such an app, in whose browser nobody needs to be signed in. */
export const ownApp: CallerRule<undefined> = {
  name: 'ownApp',
  services: [],
  identify: (c) => {
    if (!isOwnApp(c)) throw new Problem('cross-site-request');
    return undefined;
  },
};

/** Every browser sends the Origin with a POST; over TLS it says the site as well, which no page can forge. */
export function isOwnApp(c: FunctionContext): boolean {
  const site = c.req.header('sec-fetch-site') ?? 'same-site';
  const isSameSite = site === 'same-site' || site === 'same-origin';
  return isSameSite && c.env.settings.cookieOrigins.has(c.req.header('origin') ?? '');
}
