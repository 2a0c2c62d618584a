/** What a call may fail with: a problem of the API (RFC 9457), no answer at all, or an answer that is not the API's. */
import type { Problems } from './api.ts';

/** What any route may be answered before it is one. */
interface UnroutedProblems {
  'method-not-allowed': UnroutedProblem<405>;
  'request-timeout': UnroutedProblem<408>;
  'expectation-failed': UnroutedProblem<417>;
  'header-too-large': UnroutedProblem<431>;
}

interface UnroutedProblem<Status> {
  type: string;
  title: string;
  status: Status;
  detail?: string;
  request_id: string;
}

type AllProblems = Problems & UnroutedProblems;

/** The last part of a problem's `type`, which never changes. A later version of the API may have more of them. */
export type ProblemSlug = keyof AllProblems;

/** What every route may be answered, whatever it is. */
export type UnroutedSlug = keyof UnroutedProblems | 'not-found' | 'malformed-request';

interface Delay {
  /** Seconds to wait, by `Retry-After`; 0 where the answer does not tell. */
  readonly retryAfter: number;
}

/** Slugs that say when to come again. */
type DelayingSlug = 'quota-exceeded' | 'overloaded' | 'service-unavailable';

/**
 * A problem with the members of its document, told apart by `slug`.
 *
 * @example if (error.slug === 'quota-exceeded') wait(error.retryAfter, error['violated-policies']);
 */
export type Problem<Slug extends ProblemSlug = ProblemSlug> = {
  [Own in Slug]: Error &
    Readonly<AllProblems[Own]> & { readonly slug: Own } & (Own extends DelayingSlug ? Delay : unknown);
}[Slug];

/** Nobody answered: no connection, no name, no CORS. `cause` is what `fetch` threw. */
export interface NetworkError extends Error {
  readonly slug: 'network-error';
}

/** Somebody else answered than the API, such as a proxy with a page of its own. */
export interface UnreadableAnswer extends Error {
  readonly slug: 'unreadable-answer';
  readonly status: number;
}

/** An `Error` each, to be thrown on by whoever likes to. */
export type CallError<Slug extends ProblemSlug = ProblemSlug> =
  Problem<Slug> | NetworkError | UnreadableAnswer;

export function createNetworkError(cause: unknown): NetworkError {
  return Object.assign(new Error('There was no answer', { cause }), { slug: 'network-error' as const });
}

export function createUnreadableAnswer(status: number): UnreadableAnswer {
  const error = new Error(`What answered ${status} is not the API`);
  return Object.assign(error, { slug: 'unreadable-answer' as const, status });
}

/** The problem that a document tells of; undefined for a document without a slug. */
export function toProblem(document: unknown, headers: Headers): Problem | undefined {
  if (typeof document !== 'object' || document === null || !('type' in document)) return undefined;
  const [, slug] = String(document.type).match(/\/problems\/([^/]+)$/) ?? [];
  if (slug === undefined) return undefined;
  const error = new Error('title' in document ? String(document.title) : slug);
  const retryAfter = toSeconds(headers.get('retry-after'));
  const problem: unknown = Object.assign(error, document, { slug, name: 'Problem', retryAfter });
  return problem as Problem;
}

/** Of `Retry-After` (RFC 9110, section 10.2.3). The API tells seconds; a date, which a proxy may tell, counts as nothing. */
export function toSeconds(text: string | null | undefined): number {
  return text && /^\d+$/.test(text) ? Number(text) : 0;
}
