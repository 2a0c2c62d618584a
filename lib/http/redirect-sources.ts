/** The targets of `REDIRECT_ALLOWLIST` as a Content-Security-Policy writes them. */
import type { Settings } from '../core/settings.ts';

/** Where an app on the device itself listens, on whatever port it was given (RFC 8252, section 7.3). */
export const loopback = 'http://127.0.0.1';

/** What a form's answer may lead on to, as sources of a Content-Security-Policy. */
export function toRedirectSources({ redirectOrigins }: Settings): readonly string[] {
  return [...redirectOrigins].map((target) => (target === loopback ? `${loopback}:*` : target));
}
