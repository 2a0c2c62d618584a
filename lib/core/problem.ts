/**
 * Problem details (RFC 9457): the closed catalogue of everything that Blockbot refuses on purpose.
 * Long because each has its lines, and the catalogue is one.
 */

/** Slug -> status and title; what the caller can do about it is in `problem-advice.ts`, which no JSON endpoint needs. */
export const problems = {
  'malformed-request': {
    status: 400,
    title: 'The request could not be read',
  },
  'grant-invalid': {
    status: 400,
    title: 'This code can not be exchanged',
  },
  'grant-type-unsupported': {
    status: 400,
    title: 'This grant type is not supported',
  },
  'scope-invalid': {
    status: 400,
    title: 'The API key does not have this scope',
  },
  'client-invalid': {
    status: 401,
    title: 'The client credentials are not valid',
  },
  'idempotency-key-required': {
    status: 400,
    title: 'This needs an idempotency key',
  },
  'authentication-required': {
    status: 401,
    title: 'You need to sign in',
  },
  'access-token-invalid': {
    status: 401,
    title: 'The access token is not valid',
  },
  'access-token-stale': {
    status: 401,
    title: 'The access token is out of date',
  },
  'api-key-invalid': {
    status: 401,
    title: 'The API key is not valid',
  },
  'api-key-expired': {
    status: 401,
    title: 'The API key has expired',
  },
  'session-ended': {
    status: 401,
    title: 'This session has ended',
  },
  'invalid-credentials': {
    status: 401,
    title: 'The email address or the password is wrong',
  },
  'refresh-token-invalid': {
    status: 401,
    title: 'The refresh token is not valid',
  },
  'refresh-token-reused': {
    status: 401,
    title: 'The refresh token was already used',
  },
  'verification-invalid': {
    status: 401,
    title: 'This link or code is not valid',
  },
  'invitation-invalid': {
    status: 401,
    title: 'This invitation is not valid',
  },
  'reauthentication-required': {
    status: 401,
    title: 'Sign in again to do this',
  },
  'account-disabled': {
    status: 403,
    title: 'This account is disabled',
  },
  'cross-site-request': {
    status: 403,
    title: 'This request was sent from another site',
  },
  'email-domain-refused': {
    status: 403,
    title: 'This link is for email addresses of another domain',
  },
  'email-unverified': {
    status: 403,
    title: 'The email address is not verified yet',
  },
  'permission-denied': {
    status: 403,
    title: 'You do not have permission to do this',
  },
  'password-incorrect': {
    status: 403,
    title: 'The current password is wrong',
  },
  'sign-up-closed': {
    status: 403,
    title: 'Sign-up is closed',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not support that method',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
  },
  'already-member': {
    status: 409,
    title: 'This person is in the organization already',
  },
  'email-taken': {
    status: 409,
    title: 'This email address already has an account',
  },
  'invitation-for-another-address': {
    status: 409,
    title: 'This invitation is for another email address',
  },
  'idempotency-key-in-use': {
    status: 409,
    title: 'This is being done already',
  },
  'idempotency-key-spent': {
    status: 409,
    title: 'This was done already',
  },
  'last-owner': {
    status: 409,
    title: 'An organization needs an owner',
  },
  'organization-has-members': {
    status: 409,
    title: 'You are the only owner of an organization that has other members',
  },
  'slug-taken': {
    status: 409,
    title: 'Another organization has this slug',
  },
  'too-many-api-keys': {
    status: 409,
    title: 'There are as many of these API keys as there can be',
  },
  'too-many-invitations': {
    status: 409,
    title: 'This organization has as many open invitations as it can',
  },
  'too-many-organizations': {
    status: 409,
    title: 'One person can not own more organizations',
  },
  'verification-used': {
    status: 410,
    title: 'This link or code was already used',
  },
  'verification-expired': {
    status: 410,
    title: 'This link or code has expired',
  },
  'invitation-used': {
    status: 410,
    title: 'This invitation was already used',
  },
  'invitation-expired': {
    status: 410,
    title: 'This invitation has expired',
  },
  'content-too-large': {
    status: 413,
    title: 'The request body is too large',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The request body has another media type',
  },
  'expectation-failed': {
    status: 417,
    title: 'This expectation is not met here',
  },
  'invalid-input': {
    status: 422,
    title: 'Some of the input is not acceptable',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'This idempotency key is of another request',
  },
  'quota-exceeded': {
    status: 429,
    title: 'Too many requests',
  },
  'header-too-large': {
    status: 431,
    title: 'The request header is too large',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side',
  },
  overloaded: {
    status: 503,
    title: 'The service is too busy',
  },
  'service-unavailable': {
    status: 503,
    title: 'The service is temporarily unavailable',
  },
} as const satisfies Record<string, { status: number; title: string }>;

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
  /** What OAuth calls it, where a client of OAuth asks (RFC 6749, section 5.2). */
  readonly error?:
    'invalid_client' | 'invalid_grant' | 'invalid_request' | 'invalid_scope' | 'unsupported_grant_type';
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

export const challengeHeader = 'WWW-Authenticate';

/**
 * How to authenticate, which every 401 has to tell (RFC 9110, section 15.5.2), in the words of RFC 6750, section 3. It ends
 * open, with a space: only who answers knows the parameter that comes last, where our metadata is (`http/function.ts`).
 */
function toChallenge(slug: ProblemSlug): Readonly<Record<string, string>> {
  if (problems[slug].status !== 401) return {};
  return { [challengeHeader]: invalidTokens.has(slug) ? 'Bearer error="invalid_token", ' : 'Bearer ' };
}

const invalidTokens: ReadonlySet<ProblemSlug> = new Set([
  'access-token-invalid',
  'access-token-stale',
  'api-key-invalid',
  'api-key-expired',
  'session-ended',
]);

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
  { base = '', requestId }: { base?: string | undefined; requestId: string },
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
