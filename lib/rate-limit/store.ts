/**
 * What decides: the seam between the guard and the stores. `memory-store.ts` decides in this process,
 * `redis-store.ts` decides for all of them; both answer alike.
 */

import type { Awaitable } from '../core/awaitable.ts';

/** What happens while the shared store is away: decide in this process, let all pass, or let none pass. */
export type FailureMode = 'local' | 'open' | 'closed';

/** One limit. `limit` units in any trailing window of `windowMs` milliseconds. */
export interface Policy {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  /**
   * Who is counted. `caller` is the signed-in user or the API key, and the address as long as nobody is known. `organization` is
   * counted by what acts on one, once it knows that the caller may. `key` and `keys` are an API key, and all of its organization
   * together, each with the limit and the window that its row says; nobody else is counted by them.
   */
  readonly keyedBy: 'caller' | 'address' | 'account' | 'mailbox' | 'organization' | 'key' | 'keys';
  readonly onStoreFailure: FailureMode;
  /** What succeeds gives back what it took, once it was answered. */
  readonly counts?: 'failures';
  /** API keys are not counted by it: they have limits of their own at each route that lets them in. */
  readonly sparesKeys?: true;
  /** The caller is neither refused nor told of it; the handler sees it in `request.limits` and does less. */
  readonly silent?: true;
  /** What is left is told to nobody, since strangers use it up together; a refusal names the policy all the same. */
  readonly hidesRemaining?: true;
}

/** One question to a store. */
export interface Check {
  readonly policy: Policy;
  readonly key: string;
  /**
   * The same id is never charged twice, so it is made by us for each request (`RequestContext.ownId`). Never the
   * caller's `X-Request-Id`: who repeats that would be let in for nothing.
   */
  readonly id: string;
  /** Units to take, 1 unless told. 0 only looks: it is answered as one unit would be, and takes nothing. */
  readonly cost?: number;
}

/**
 * Whether what a credential stands on has been revoked since it was issued. It is asked with the limits, so that it costs no
 * round trip of its own; what denies it is no limit, and nothing is counted.
 */
export interface RevocationCheck {
  /** Whose: `user:<id>`. One key of the store each, so that it runs on a cluster. */
  readonly subject: string;
  /** What of theirs, any of which denies: `all`, `session:<id>`, `organization:<id>`. */
  readonly parts: readonly string[];
  /** What the credential says was true at this time: unix milliseconds by the database's clock. */
  readonly asOf: number;
}

/** What was revoked: every credential that stands on it and is of before this time. */
export interface Revocation {
  readonly subject: string;
  readonly parts: readonly string[];
  /** Unix milliseconds by the database's clock. */
  readonly at: number;
  /** How long such a credential can live at most, in milliseconds. */
  readonly lastsMs: number;
}

export interface Decision {
  readonly allowed: boolean;
  /** Units left after this decision. */
  readonly remaining: number;
  /** Milliseconds until the next unit frees: the moment the entry that frees it leaves the window. 0: all are free. */
  readonly resetAfterMs: number;
  /** Milliseconds until this very check would be allowed; 0 when it was. */
  readonly retryAfterMs: number;
  /** There when the shared store was away, and by which mode it was decided then. */
  readonly degraded?: FailureMode;
  /** The check was only looked at, whatever it costs: another one of the same request had been refused before. */
  readonly untaken?: true;
}

export interface RateLimitStore {
  /**
   * Decides each check by itself, in order, in one round trip, and at once where there is none. A denied check changes nothing.
   *
   * @param background keeps what goes on after the decision alive, on a platform that ends a request with its answer
   */
  readonly take: (
    checks: readonly (Check | RevocationCheck)[],
    background?: (work: Promise<unknown>) => void,
  ) => Awaitable<readonly Decision[]>;
  /** Gives back what the check with this id took, if it is still counted. */
  readonly refund: (check: Check) => Promise<void>;
  /** Has every credential refused from now on that stands on one of them, until the last of those has expired by itself. */
  readonly revoke: (revocations: readonly Revocation[]) => Promise<void>;
  /** Forgets everything that this key took. */
  readonly reset: (policy: Policy, key: string) => Promise<void>;
}

/** A store that is asked over the network, or may be. */
export interface SharedStore extends RateLimitStore {
  readonly take: (...asked: Parameters<RateLimitStore['take']>) => Promise<readonly Decision[]>;
}

/** What answers a check that has no units. */
export function toUnitless(allowed: boolean): Decision {
  return { allowed, remaining: 0, resetAfterMs: 0, retryAfterMs: 0 };
}

export function isRevocationCheck(check: Check | RevocationCheck): check is RevocationCheck {
  return 'asOf' in check;
}

/** The units that a check asks for; throws `RangeError` for what no window could ever hold. */
export function toCost({ cost = 1, policy }: Check): number {
  if (Number.isInteger(cost) && cost >= 0 && cost <= policy.limit) return cost;
  throw new RangeError(
    `A check costs 0 to ${String(policy.limit)} units of "${policy.name}", not ${String(cost)}`,
  );
}
