/**
 * What an app asks along with an email, so that the email's link ends at the app with a code that it alone can exchange: an
 * authorization request (RFC 6749, section 4.1.1) with PKCE by S256, which is the only method (RFC 7636, section 4.3).
 */
import * as z from 'zod/mini';
import { Problem } from '../core/problem.ts';
import type { Settings } from '../core/settings.ts';
import { assertAppRedirect, assertRedirect, redirectTo } from './redirect.ts';

/** 32 bytes, as there is one way only to write them in 43 characters. */
export const codeChallenge = z
  .string()
  .check(z.regex(/^[\w-]{42}[AEIMQUYcgkosw048]$/, 'Must be the SHA-256 of the verifier in base64url'));

/** RFC 6749, appendix A.5. */
export const state = z.string().check(z.regex(/^[\x20-\x7e]{1,512}$/, 'Must be 1 to 512 ASCII characters'));

/** Where the code goes; a schema of its own, because it needs a challenge beside it. */
export const appRedirect = z.string().check(z.maxLength(2048));

/** The fields of a body that asks for an email whose link leads on to an app alone. */
export const appFields = {
  redirect_to: z.optional(appRedirect),
  code_challenge: z.optional(codeChallenge),
  code_challenge_method: z.optional(z.literal('S256')),
  state: z.optional(state),
};

/** The same where the link may lead on without a code too. */
export const authorizationFields = { ...appFields, redirect_to: z.optional(redirectTo) };

type AuthorizationFields = { [Name in keyof typeof authorizationFields]?: string | undefined };

/** Where the link leads on, and what binds the code to the app that asked, if one did. */
export interface AuthorizationRequest {
  readonly redirectTo?: string | undefined;
  readonly codeChallenge?: Uint8Array;
  readonly state?: string | undefined;
}

/**
 * Of an email whose link may lead on without a code too, to a browser that is signed in by then.
 *
 * @throws {Problem} as `toAppRequest` does
 */
export function toAuthorizationRequest(
  fields: AuthorizationFields,
  settings: Settings,
): AuthorizationRequest {
  const { redirect_to, code_challenge, code_challenge_method, state } = fields;
  const isOfApp = (code_challenge ?? code_challenge_method ?? state) !== undefined;
  return isOfApp ? toAppRequest(fields, settings) : { redirectTo: assertRedirect(redirect_to, settings) };
}

/** @throws {Problem} `invalid-input` for an address that is not allowed, and for one without a challenge or the other way round */
export function toAppRequest(fields: AuthorizationFields, settings: Settings): AuthorizationRequest {
  const { redirect_to, code_challenge, code_challenge_method, state } = fields;
  if ((redirect_to ?? code_challenge ?? code_challenge_method ?? state) === undefined) return {};
  if (redirect_to === undefined) throw demand('redirect_to');
  if (code_challenge === undefined) throw demand('code_challenge');
  return {
    redirectTo: assertAppRedirect(redirect_to, settings),
    codeChallenge: Buffer.from(code_challenge, 'base64url'),
    state,
  };
}

function demand(field: keyof AuthorizationFields): Problem {
  return new Problem('invalid-input', {
    errors: [{ pointer: `#/${field}`, code: 'required', detail: 'This field is required' }],
  });
}
