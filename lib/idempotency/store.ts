/**
 * Who has begun what, and what came of it: the seam between the guard's rule (`http/idempotency.ts`) and the stores. In
 * `redis-store.ts` all processes share it, `memory-store.ts` is of one alone.
 */

/** One run of one request. */
export interface Run {
  /** Of the caller, the route and the key, hashed: the same for every repetition. */
  readonly name: string;
  /** Of what was sent; another one under the same name is another request. */
  readonly fingerprint: string;
  /** Of this run alone, so that one that outlived its lease changes nothing of the next. */
  readonly owner: string;
}

export type Standing =
  /** It is this run's to do. */
  | { readonly kind: 'begun' }
  /** Another run does it. */
  | { readonly kind: 'running'; readonly retryAfterMs: number }
  /** The name is of another request. */
  | { readonly kind: 'taken' }
  /** It was done. Undefined where the answer can't be told again. */
  | { readonly kind: 'done'; readonly answer: string | undefined };

/** Every call rejects where the store can't be asked: nobody knows then what has been done. */
export interface IdempotencyStore {
  readonly begin: (run: Run) => Promise<Standing>;
  /** @param answer undefined where it is not kept; that it was done is */
  readonly complete: (run: Run, answer: string | undefined) => Promise<void>;
  /** As if it had never begun. */
  readonly release: (run: Run) => Promise<void>;
}

/** How long a name is remembered after it was begun or done, in milliseconds. */
export const rememberedMs = 24 * 60 * 60_000;

/**
 * How long a run may take, in milliseconds; after that its process is taken for dead, and the next one begins anew. Four times
 * what the hosts give a request.
 */
export const leaseMs = 120_000;
