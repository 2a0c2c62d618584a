/**
 * What decides: the seam between the guard and the stores. `memory-store.ts` decides in this process,
 * a store over Redis decides for all of them; both answer alike.
 */

/** One limit. `limit` units in any trailing window of `windowMs` milliseconds. */
export interface Policy {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  /** Who is counted. `caller` is the signed-in user, and the address as long as nobody is known. */
  readonly keyedBy: 'caller' | 'address' | 'account' | 'mailbox';
  /** What happens while the shared store is away: decide in this process, let all pass, or let none pass. */
  readonly onStoreFailure: 'local' | 'open' | 'closed';
}

/** One question to a store. `id` is unique to the request: the same id is never charged twice. */
export interface Check {
  readonly policy: Policy;
  readonly key: string;
  readonly id: string;
  /** Units to take, 1 unless told. */
  readonly cost?: number;
}

export interface Verdict {
  readonly allowed: boolean;
  /** Units left after this decision. */
  readonly remaining: number;
  /** Milliseconds until the next unit frees: the moment the entry that frees it leaves the window. */
  readonly resetAfterMs: number;
  /** Milliseconds until this very check would be allowed; 0 when it was. */
  readonly retryAfterMs: number;
}

export interface RateLimitStore {
  /** Decides each check by itself, in order, in one round trip. A denied check changes nothing. */
  readonly take: (checks: readonly Check[]) => Promise<readonly Verdict[]>;
  /** Gives back what the check with this id took, if it is still counted. */
  readonly refund: (check: Check) => Promise<void>;
}
