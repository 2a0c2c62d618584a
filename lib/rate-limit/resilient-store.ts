/**
 * A shared store that may go away. A call has a deadline and is not repeated; after a failure nobody waits for the
 * store again until a probe beside the requests, one a second, finds it back. Meanwhile each policy is decided by
 * its own mode. An outage so costs one deadline, and not one for each request. It gives nobody a fresh quota, neither
 * at its start nor at its end: a process goes on from what the store said last, and charges to it what it let pass alone.
 */
import { withDeadline } from '../../db/deadline.ts';
import { toErrorMessage } from '../core/error-message.ts';
import type { Log } from '../core/log.ts';
import { createChargeBacklog } from './charge-backlog.ts';
import { createMemoryStore } from './memory-store.ts';
import { isRevocationCheck, toCost, toUnitless } from './store.ts';
import type { Check, Policy, Decision, Revocation, RevocationCheck, SharedStore } from './store.ts';

export interface ResilientStore extends SharedStore {
  readonly state: () => StoreState;
  /** Asks the shared store whether it decides, and goes back to it where it was away. Rejects as long as it does not. */
  readonly probe: () => Promise<void>;
}

export interface StoreState {
  /** Whether the next check is decided without the shared store. */
  readonly degraded: boolean;
  /** Checks that were decided without it since the start. */
  readonly degradedDecisions: number;
}

const probeEveryMs = 1000;
const logEveryMs = 1000;
/** Charges in one round trip: enough to be done soon, too few to hold up the store. */
const chargesAtOnce = 500;
/** Revocations that the shared store is told of when it is back, the newest; others end with the credentials' own time. */
const mostUntold = 1000;

// A key of nobody's, and a unit that is free again at once: what only reads may well answer where writing fails.
const probePolicy: Policy = {
  name: 'probe',
  limit: 1,
  windowMs: 1,
  keyedBy: 'address',
  onStoreFailure: 'local',
};

/**
 * `deadlineMs` is `Infinity` where the shared store gives up by itself. `now` gives milliseconds and never goes back. `take` and
 * `refund` never reject because the store is away; `reset` does, for whoever asks for it wants to know.
 *
 * @example const store = createResilientStore({ shared: createRedisStore({ redis, secret }), log });
 */
export function createResilientStore({
  shared,
  log,
  deadlineMs = 250,
  now = () => performance.now(),
}: {
  shared: SharedStore;
  log: Pick<Log, 'info' | 'warn'>;
  deadlineMs?: number | undefined;
  now?: () => number;
}): ResilientStore {
  const inTime = <Result>(work: Promise<Result>) =>
    deadlineMs === Number.POSITIVE_INFINITY ? work : withDeadline(deadlineMs, work);
  const fallback = createMemoryStore({ now });
  const backlog = createChargeBacklog({ now });
  let untold: readonly Revocation[] = [];
  let away = false;
  /** Whether a late answer led to a probe in this outage. */
  let heardLate = false;
  let probeAt = 0;
  let degradedDecisions = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  let loggedDecisions = 0;
  let reason = '';

  function fail(error: unknown): void {
    if (!away) {
      probeAt = now() + probeEveryMs;
      heardLate = false;
    }
    away = true;
    reason = toErrorMessage(error);
  }

  function recover(): void {
    if (!away) return;
    away = false;
    log.info('rate limits are shared again', { decisions: degradedDecisions - loggedDecisions });
    loggedDecisions = degradedDecisions;
  }

  // Each for itself: on a platform that ends a request's work with the request, one that all share could stay for ever.
  async function probe(): Promise<void> {
    probeAt = now() + probeEveryMs;
    try {
      await charge([{ policy: probePolicy, key: 'probe', id: crypto.randomUUID() }]);
      // Before anybody is decided by the store, it should know what passed without it; of what comes meanwhile it
      // hears right after.
      let owed = backlog.oldest(chargesAtOnce);
      for (; owed.length === chargesAtOnce; owed = backlog.oldest(chargesAtOnce)) await charge(owed);
      await tellRevocations();
      recover();
      await charge(owed);
    } catch (error) {
      fail(error);
      throw error;
    }
  }

  /** What was charged already, because only the answer came too late, is not charged again: its id is the same. */
  async function charge(checks: readonly Check[]): Promise<void> {
    if (checks.length === 0) return;
    await inTime(shared.take(checks));
    checks.forEach(backlog.remove);
  }

  async function tellRevocations(): Promise<void> {
    const telling = untold;
    if (telling.length === 0) return;
    await inTime(shared.revoke(telling));
    untold = untold.filter((revocation) => !telling.includes(revocation));
  }

  async function probeQuietly(): Promise<void> {
    await probe().catch(() => undefined);
  }

  async function decideAlone(checks: readonly (Check | RevocationCheck)[]): Promise<readonly Decision[]> {
    degradedDecisions += checks.filter((check) => !isRevocationCheck(check)).length;
    if (now() - loggedAt >= logEveryMs) {
      loggedAt = now();
      log.warn('rate limits are decided without the shared store', {
        decisions: degradedDecisions - loggedDecisions,
        reason,
      });
      loggedDecisions = degradedDecisions;
    }
    const local = await fallback.take(checks.filter((check) => isRevocationCheck(check) || isLocal(check)));
    let next = 0;
    return checks.map((check): Decision => {
      const decision = isRevocationCheck(check) || isLocal(check) ? local[next++] : undefined;
      if (isRevocationCheck(check)) return { ...(decision ?? toUnitless(true)), degraded: 'local' };
      if (!decision) return toUncounted(check);
      if (decision.allowed && check.cost !== 0) backlog.add(check);
      return { ...decision, degraded: 'local' };
    });
  }

  const take: SharedStore['take'] = async (checks, background) => {
    for (const check of checks) if (!isRevocationCheck(check)) toCost(check);
    if (checks.length === 0) return [];
    if (!away) {
      const asked = shared.take(checks);
      try {
        const decisions = await inTime(asked);
        for (const [nth, check] of checks.entries()) {
          const decision = decisions[nth];
          if (decision && !isRevocationCheck(check) && isLocal(check)) fallback.follow(check, decision);
        }
        return decisions;
      } catch (error) {
        fail(error);
        // An answer that comes late after all tells of a store that is back, long before the next probe would.
        asked.then(
          () => {
            if (!away || heardLate) return undefined;
            heardLate = true;
            return probeQuietly();
          },
          () => undefined,
        );
      }
    } else if (now() >= probeAt) {
      const asking = probeQuietly();
      background?.(asking);
    }
    return decideAlone(checks);
  };

  return {
    take,
    refund: async (check) => {
      await fallback.refund(check);
      backlog.remove(check);
      if (!away) await inTime(shared.refund(check)).catch(fail);
    },
    revoke: async (revocations) => {
      await fallback.revoke(revocations);
      untold = [...untold, ...revocations].slice(-mostUntold);
      if (!away) await tellRevocations().catch(fail);
    },
    reset: async (policy, key) => {
      await fallback.reset(policy, key);
      backlog.reset(policy, key);
      await inTime(shared.reset(policy, key));
    },
    state: () => ({ degraded: away, degradedDecisions }),
    probe,
  };
}

function isLocal({ policy }: Check): boolean {
  return policy.onStoreFailure === 'local';
}

function toUncounted({ policy }: Check): Decision {
  return policy.onStoreFailure === 'closed'
    ? { allowed: false, remaining: 0, resetAfterMs: 0, retryAfterMs: probeEveryMs, degraded: 'closed' }
    : { allowed: true, remaining: policy.limit, resetAfterMs: 0, retryAfterMs: 0, degraded: 'open' };
}
