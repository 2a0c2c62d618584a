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
    title: 'Sign in first',
    advice: 'Send an access token as `Authorization: Bearer ...`.',
  },
  'access-token-invalid': {
    status: 401,
    title: 'The access token is not valid',
    advice: 'It is expired, malformed or not meant for this service. Refresh it, or sign in again.',
  },
  'session-ended': {
    status: 401,
    title: 'This session has ended',
    advice: 'It was signed out, revoked or has expired. Sign in again.',
  },
  'invalid-credentials': {
    status: 401,
    title: 'The e-mail address or the password is wrong',
    advice: 'Check both. Whether an account exists is not told.',
  },
  'refresh-token-invalid': {
    status: 401,
    title: 'The refresh token is not valid',
    advice: 'It is malformed, expired or its session has ended. Sign in again.',
  },
  'refresh-token-reused': {
    status: 401,
    title: 'The refresh token was already used',
    advice: 'A token that was replaced long ago came back, so its session was ended. Sign in again.',
  },
  'verification-invalid': {
    status: 401,
    title: 'This link or code is not valid',
    advice: 'Check it, or ask for a new email. After five wrong codes only the link of an email works.',
  },
  'reauthentication-required': {
    status: 401,
    title: 'Sign in again to do this',
    advice: 'An account without a password does this within 15 minutes of signing in.',
  },
  'cross-site-request': {
    status: 403,
    title: 'This form was sent from another site',
    advice: 'Open the page itself and send the form from there.',
  },
  'email-unverified': {
    status: 403,
    title: 'The e-mail address is not verified yet',
    advice: 'Open the link that was mailed to it.',
  },
  'password-incorrect': {
    status: 403,
    title: 'The current password is wrong',
    advice: 'Nothing was changed. Try again with the password of this account.',
  },
  'sign-up-closed': {
    status: 403,
    title: 'New accounts are not open',
    advice: 'Ask whoever runs this service for an account.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing here',
    advice: 'Check the address. Something that is not yours is not found either.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not answer to that method',
    advice: 'The `Allow` header lists those it answers to.',
  },
  'email-taken': {
    status: 409,
    title: 'This e-mail address has an account',
    advice: 'Sign in, or register another address.',
  },
  'organization-has-members': {
    status: 409,
    title: 'You are the only owner of an organization that has other members',
    advice: 'Make another member owner, or remove the members; then delete the account.',
  },
  'verification-used': {
    status: 410,
    title: 'This link or code was used already',
    advice: 'Each works once. If that was not you, ask for a new email; the older one is dead.',
  },
  'verification-expired': {
    status: 410,
    title: 'This link or code is no longer valid',
    advice: 'It lives for 15 minutes, or until a newer email is asked for. Ask for a new one.',
  },
  'content-too-large': {
    status: 413,
    title: 'The request body is too large',
    advice: 'A body may have 64 kB.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The request body is not JSON',
    advice: 'Send `Content-Type: application/json`, without a content encoding.',
  },
  'invalid-input': {
    status: 422,
    title: 'Some of the input is not acceptable',
    advice: '`errors` names each field by a JSON Pointer (RFC 6901).',
  },
  'quota-exceeded': {
    status: 429,
    title: 'Too many requests',
    advice: 'Wait for as many seconds as `Retry-After` says.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side',
    advice: 'Try again later. If it stays, report the request id.',
  },
  overloaded: {
    status: 503,
    title: 'Too much is asked at once',
    advice: 'Try again after as many seconds as `Retry-After` says.',
  },
  'service-unavailable': {
    status: 503,
    title: 'A part that this needs is away',
    advice: 'Try again after as many seconds as `Retry-After` says.',
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
    this.headers = headers;
  }
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
