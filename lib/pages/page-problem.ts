/** The problems that pages have words of their own for. */
import type { ProblemSlug } from '../core/problem.ts';

/** But for those that lead to signing in, that say no more to a person than that the form could not be read, or that no page has. */
export type PageProblem = Exclude<
  ProblemSlug,
  | 'grant-invalid'
  | 'grant-type-unsupported'
  | 'client-invalid'
  | 'scope-invalid'
  | 'authentication-required'
  | 'access-token-invalid'
  | 'access-token-stale'
  | 'api-key-expired'
  | 'api-key-invalid'
  | 'refresh-token-invalid'
  | 'refresh-token-reused'
  | 'session-ended'
  | 'method-not-allowed'
  | 'request-timeout'
  | 'unsupported-media-type'
  | 'expectation-failed'
  | 'header-too-large'
  | 'idempotency-key-in-use'
  | 'idempotency-key-required'
  | 'idempotency-key-reused'
  | 'idempotency-key-spent'
  | 'last-owner'
  | 'slug-taken'
  | 'too-many-organizations'
  | 'too-many-api-keys'
  | 'too-many-invitations'
  // Of their own pages alone (invitation-refusal.ts).
  | 'already-member'
  | 'email-domain-refused'
  | 'invitation-expired'
  | 'invitation-for-another-address'
  | 'invitation-invalid'
  | 'invitation-used'
>;
