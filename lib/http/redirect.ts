/**
 * Where a mailed link may lead on once it has been used: to our own origin, and to what `REDIRECT_ALLOWLIST` names. Those are
 * origins, and for apps that get a code `http://127.0.0.1`, with whatever port, and schemes of their own (RFC 8252, section 7).
 */
import * as z from 'zod/mini';
import { Problem } from '../core/problem.ts';
import type { Settings } from '../core/settings.ts';
import { loopback } from './redirect-sources.ts';

export const redirectTo = z.string().check(z.maxLength(2048));

/**
 * The address in its normal form, so that what was checked is what a browser will open.
 *
 * @throws {Problem} `invalid-input` for any other address
 */
export function assertRedirect(
  address: string | undefined,
  { publicUrl, redirectOrigins }: Settings,
): string | undefined {
  if (address === undefined) return undefined;
  const url = URL.parse(address);
  // The origin of `blob:https://...` is the one inside it.
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  const allowed = url && isWeb && (url.origin === publicUrl || redirectOrigins.has(url.origin));
  if (allowed && url.username === '' && url.password === '') return url.href;
  throw refuse();
}

/**
 * The same for an app that gets a code: the response is put behind its query, so there is none of its members there yet and
 * no fragment (RFC 6749, section 3.1.2), and nothing that a parser of the app might read in another way than ours.
 *
 * @throws {Problem} `invalid-input`
 */
export function assertAppRedirect(address: string, { publicUrl, redirectOrigins }: Settings): string {
  const url = /^[\x21-\x5b\x5d-\x7e]+$/.test(address) && !address.includes('#') && URL.parse(address);
  if (!url || url.username !== '' || url.password !== '') throw refuse();
  if (['code', 'state', 'iss', 'error'].some((name) => url.searchParams.has(name))) throw refuse();
  const isLoopback = url.protocol === 'http:' && url.hostname === '127.0.0.1';
  const target = /^https?:$/.test(url.protocol) ? url.origin : url.protocol;
  const isAllowed =
    target === publicUrl || redirectOrigins.has(target) || (isLoopback && redirectOrigins.has(loopback));
  if (isAllowed) return url.href;
  throw refuse();
}

function refuse(): Problem {
  const detail = 'Must be an address of an allowed origin (REDIRECT_ALLOWLIST)';
  return new Problem('invalid-input', {
    errors: [{ pointer: '#/redirect_to', code: 'not-allowed', detail }],
  });
}
