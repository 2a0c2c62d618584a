/**
 * When a request is sent once more. Only an answer that says when to come again (`Retry-After`) leads to it, and only where
 * the request has had no effect, or has the same effect twice:
 *
 * - 429, whatever the method: limits are decided before anything is done;
 * - 503 `overloaded`, whatever the method: the hash or the connection that could not be had comes before anything is written;
 * - any other 503 with an idempotent method (RFC 9110, section 9.2.2), and to refresh and to sign out, which answer the same
 *   twice. After `service-unavailable` nobody knows whether the database has committed, so that a POST might happen twice.
 *
 * A call that nobody answered is not sent again: who calls knows better whether that is wanted.
 */
import type { Failure, Success } from './answer.ts';
import { toSeconds } from './problem.ts';

/** Retries of one call. */
const mostRetries = 3;
/** Milliseconds from the first request of a call to the last. Who has to wait longer is told, with `retryAfter`. */
const budgetMs = 10_000;
/** Milliseconds, up to which it is left to chance: all who were refused at once would come again at once. */
const jitterMs = 500;

const repeatable = /^(?:GET|PUT|DELETE) |^POST \/v1\/auth\/(?:refresh|logout)$/;

export interface Attempts {
  /** Method and path, as the document has them. */
  readonly route: string;
  readonly retries: number;
  /** Milliseconds since the first request of the call. */
  readonly elapsed: number;
}

/** Milliseconds until the next request; undefined when this answer is the last. */
export function toWait(
  { error, headers }: Pick<Success | Failure, 'error' | 'headers'>,
  { route, retries, elapsed }: Attempts,
  random: () => number = Math.random,
): number | undefined {
  if (!error || !('status' in error) || retries === mostRetries) return undefined;
  const { status, slug } = error;
  const isSafe = status === 429 || (status === 503 && (slug === 'overloaded' || repeatable.test(route)));
  const seconds = toSeconds(headers?.get('retry-after'));
  const wait = seconds * 1000 + random() * jitterMs;
  return !isSafe || seconds === 0 || elapsed + wait > budgetMs ? undefined : wait;
}

/** @throws the signal's reason as soon as it is aborted */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
