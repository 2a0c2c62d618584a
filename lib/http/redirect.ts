/** Where a mailed link may lead on once it has been used: to our own origin, and to those of `REDIRECT_ALLOWLIST`. */
import * as z from 'zod/mini';
import { Problem } from '../core/problem.ts';
import type { Settings } from '../core/settings.ts';

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
  const detail = 'Must be an address of an allowed origin (REDIRECT_ALLOWLIST)';
  throw new Problem('invalid-input', {
    errors: [{ pointer: '#/redirect_to', code: 'not-allowed', detail }],
  });
}
