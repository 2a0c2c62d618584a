/**
 * The code that an app gets for the link of an email which it asked for (RFC 6749, section 4.1.2): 32 random bytes, of which
 * the SHA-256 is at rest, good once and for a minute to who has the verifier of its challenge (RFC 7636). It ends with whatever
 * ends the verifications of its account.
 */
import { randomBytes } from 'node:crypto';
import type { Sql } from '../../db/sql.ts';
import { Problem } from '../core/problem.ts';
import type { Settings } from '../core/settings.ts';
import { createUuid } from '../core/uuid.ts';
import { assertAppRedirect } from '../http/redirect.ts';
import { type FoundVerification, hashToken } from './verification.ts';

/**
 * Writes a code down in place of a session, in the transaction that uses the verification up.
 *
 * @returns the address of the app with the code, the app's state and who answers (RFC 9207); undefined where no app asked
 * @throws {Problem} `verification-invalid` where the app is allowed no more
 */
export async function authorizeApp(
  sql: Sql,
  settings: Settings,
  { userId }: { readonly userId: string },
  { email, redirectTo, codeChallenge, state }: FoundVerification,
): Promise<string | undefined> {
  if (codeChallenge === null || redirectTo === null) return undefined;
  assertStillAllowed(redirectTo, settings);
  const code = randomBytes(32).toString('base64url');
  await sql`
    insert into magic_links (id, purpose, email, user_id, token_hash, redirect_to, code_challenge, expires_at)
    values (${createUuid()}, 'authorization', ${email}, ${userId}, ${hashToken(code)}, ${redirectTo}, ${codeChallenge},
      clock_timestamp() + interval '1 minute')`;
  const response = new URLSearchParams({ code, ...(state !== null && { state }), iss: settings.publicUrl });
  // Behind the query that it has, which is retained as it stands.
  return `${redirectTo}${redirectTo.includes('?') ? '&' : '?'}${response.toString()}`;
}

/** It was checked when the email was asked for, and may have been taken off the list since. */
function assertStillAllowed(redirectTo: string, settings: Settings): void {
  try {
    assertAppRedirect(redirectTo, settings);
  } catch (cause) {
    throw new Problem('verification-invalid', {}, { cause });
  }
}
