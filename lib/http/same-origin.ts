/** Whether a form was sent by a page of ours: the defence against cross-site requests (OWASP, by Fetch Metadata). */
import type { FunctionContext } from './services.ts';

/**
 * Every browser of the last years sends `Sec-Fetch-Site` where it trusts the connection, which no page can forge
 * (https://www.w3.org/TR/fetch-metadata/); on plain HTTP the Origin tells. Neither is sent by no browser we know.
 */
export function isSameOrigin(c: FunctionContext): boolean {
  const site = c.req.header('sec-fetch-site');
  // `none` is the person, who sends a form again from the history.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return c.req.header('origin') === c.env.settings.publicUrl;
}
