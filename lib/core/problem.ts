/** Problem details (RFC 9457): the closed catalogue of everything that Blockbot refuses on purpose. */

/** Slug -> status, title, and what the caller can do about it (shown by `GET /problems/{slug}`). */
export const problems = {
  'malformed-request': {
    status: 400,
    title: 'The request could not be read',
    advice: 'Send well-formed UTF-8 JSON (RFC 8259).',
  },
  'authentication-required': {
    status: 401,
    title: 'You need to sign in',
    advice: 'Send an access token as `Authorization: Bearer ...`.',
  },
  'access-token-invalid': {
    status: 401,
    title: 'The access token is not valid',
    advice: 'It is expired, malformed or meant for another service. Refresh it, or sign in again.',
  },
  'session-ended': {
    status: 401,
    title: 'This session has ended',
    advice: 'It was signed out, was revoked or has expired. Sign in again.',
  },
  'invalid-credentials': {
    status: 401,
    title: 'The email address or the password is wrong',
    advice: 'Check both. The response is the same whether or not there is an account.',
  },
  'refresh-token-invalid': {
    status: 401,
    title: 'The refresh token is not valid',
    advice: 'It is malformed, expired or its session has ended. Sign in again.',
  },
  'refresh-token-reused': {
    status: 401,
    title: 'The refresh token was already used',
    advice: 'It had been replaced, so the session was ended to be safe. Sign in again.',
  },
  'verification-invalid': {
    status: 401,
    title: 'This link or code is not valid',
    advice:
      'Check it, or request a new email. A code works for 10 minutes, five times, and only with the `binding` that was answered to its request.',
  },
  'reauthentication-required': {
    status: 401,
    title: 'Sign in again to do this',
    advice: 'An account without a password can only do this within 15 minutes of signing in.',
  },
  'cross-site-request': {
    status: 403,
    title: 'This form was sent from another site',
    advice: 'Open the page itself and send the form from there.',
  },
  'email-unverified': {
    status: 403,
    title: 'The email address is not verified yet',
    advice: 'Open the link in the email that was sent to it.',
  },
  'password-incorrect': {
    status: 403,
    title: 'The current password is wrong',
    advice: 'Nothing was changed. Try again with the password of this account.',
  },
  'sign-up-closed': {
    status: 403,
    title: 'Sign-up is closed',
    advice: 'Ask whoever runs this service for an account.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    advice: 'Check the address. What belongs to someone else is not found either.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not support that method',
    advice: 'The `Allow` header lists those that it does.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    advice: 'Send it again, without long pauses.',
  },
  'email-taken': {
    status: 409,
    title: 'This email address already has an account',
    advice: 'Sign in, or register another address.',
  },
  'organization-has-members': {
    status: 409,
    title: 'You are the only owner of an organization that has other members',
    advice: 'Make another member an owner or remove the other members, then delete the account.',
  },
  'verification-used': {
    status: 410,
    title: 'This link or code was already used',
    advice: 'Each one works once. If you did not use it, request a new email.',
  },
  'verification-expired': {
    status: 410,
    title: 'This link or code has expired',
    advice: 'A link works for 15 minutes, or until the same client requests another. Request a new one.',
  },
  'content-too-large': {
    status: 413,
    title: 'The request body is too large',
    advice: 'A body can have up to 64 kB.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The request body is not JSON',
    advice: 'Send `Content-Type: application/json`, without a content encoding.',
  },
  'expectation-failed': {
    status: 417,
    title: 'This expectation is not met here',
    advice: 'Send no `Expect` header, or `Expect: 100-continue`.',
  },
  'invalid-input': {
    status: 422,
    title: 'Some of the input is not acceptable',
    advice: '`errors` names each field by a JSON Pointer (RFC 6901).',
  },
  'quota-exceeded': {
    status: 429,
    title: 'Too many requests',
    advice: 'Wait for the number of seconds in `Retry-After`.',
  },
  'header-too-large': {
    status: 431,
    title: 'The request header is too large',
    advice: 'All of its fields together may have 16 kB; look for large cookies.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side',
    advice: 'Try again later. If it keeps happening, report the request ID.',
  },
  overloaded: {
    status: 503,
    title: 'The service is too busy',
    advice: 'Try again after the number of seconds in `Retry-After`.',
  },
  'service-unavailable': {
    status: 503,
    title: 'The service is temporarily unavailable',
    advice: 'Try again after the number of seconds in `Retry-After`.',
  },
} as const satisfies Record<string, { status: number; title: string; advice: string }>;

export type ProblemSlug = keyof typeof problems;

/** One field to blame: `pointer` is a JSON Pointer as a URI fragment, the form of RFC 9457, section 3. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export interface ProblemMembers {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly 'violated-policies'?: readonly string[];
}

// Each bundle owns a copy of this module, so a problem is known by a registered symbol, never by its class.
const brand = Symbol.for('blockbot.problem');

/** Thrown to refuse a request; the function factory turns it into the answer. */
export class Problem extends Error {
  readonly [brand] = true;
  readonly slug: ProblemSlug;
  readonly members: ProblemMembers;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    slug: ProblemSlug,
    members: ProblemMembers = {},
    { headers = {}, cause }: { headers?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(slug, { cause });
    this.slug = slug;
    this.members = members;
    this.headers = { ...toChallenge(slug), ...headers };
  }
}

/** How to authenticate, which every 401 has to tell (RFC 9110, section 15.5.2), in the words of RFC 6750, section 3. */
function toChallenge(slug: ProblemSlug): Readonly<Record<string, string>> {
  if (problems[slug].status !== 401) return {};
  const refusesToken = slug === 'access-token-invalid' || slug === 'session-ended';
  return { 'WWW-Authenticate': refusesToken ? 'Bearer error="invalid_token"' : 'Bearer' };
}

export function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Whole seconds for `Retry-After` (RFC 9110, section 10.2.3): rounded up, at least 1. */
export function toRetryAfter(milliseconds: number): string {
  return String(Math.max(1, Math.ceil(milliseconds / 1000)));
}

/** The document on the wire. `base` is the public URL; without it the type is a relative reference. */
export function toProblemDocument(
  problem: Problem,
  { base = '', requestId }: { base?: string; requestId: string },
) {
  const { status, title } = problems[problem.slug];
  return {
    type: `${base}/problems/${problem.slug}`,
    title,
    status,
    ...problem.members,
    request_id: requestId,
  };
}
