/**
 * A shared store that may go away. A call has a deadline and is not repeated; after a failure nobody waits for the
 * store again until a probe beside the requests, one a second, finds it back. Meanwhile each policy is decided by
 * its own mode. An outage so costs one deadline, and not one for each request.
 */
import { withDeadline } from '../../db/deadline.ts';
import type { Log } from '../core/log.ts';
import { createMemoryStore } from './memory-store.ts';
import { toCost } from './store.ts';
import type { Check, RateLimitStore, Verdict } from './store.ts';

export interface ResilientStore extends RateLimitStore {
  readonly state: () => StoreState;
}

export interface StoreState {
  /** Whether the next check is decided without the shared store. */
  readonly degraded: boolean;
  /** Checks that were decided without it since the start. */
  readonly degradedDecisions: number;
}

const probeEveryMs = 1000;
const logEveryMs = 1000;

/**
 * `now` gives milliseconds and never goes back. `take` and `refund` never reject because the store is away; `reset` does, for
 * whoever asks for it wants to know.
 *
 * @example const store = createResilientStore({ shared: createRedisStore({ redis, secret }), log });
 */
export function createResilientStore({
  shared,
  log,
  deadlineMs = 250,
  now = () => performance.now(),
}: {
  shared: RateLimitStore;
  log: Pick<Log, 'info' | 'warn'>;
  deadlineMs?: number;
  now?: () => number;
}): ResilientStore {
  const standIn = createMemoryStore({ now });
  let away = false;
  let probeAt = 0;
  let decisions = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  let loggedDecisions = 0;
  let reason = '';

  function fail(error: unknown): void {
    if (!away) probeAt = now() + probeEveryMs;
    away = true;
    reason = error instanceof Error ? error.message : String(error);
  }

  function recover(): void {
    if (!away) return;
    away = false;
    log.info('rate limits are shared again', { decisions: decisions - loggedDecisions });
    loggedDecisions = decisions;
  }

  function probe(checks: readonly Check[], background: Parameters<RateLimitStore['take']>[1]): void {
    if (now() < probeAt) return;
    probeAt = now() + probeEveryMs;
    // Beside the request, which is decided already: so it takes nothing.
    const looks = checks.map((check) => ({ ...check, cost: 0 }));
    const probing = withDeadline(deadlineMs, shared.take(looks), toLate).then(recover, fail);
    background?.(probing);
  }

  async function decideAlone(checks: readonly Check[]): Promise<readonly Verdict[]> {
    decisions += checks.length;
    if (now() - loggedAt >= logEveryMs) {
      loggedAt = now();
      log.warn('rate limits are decided without the shared store', {
        decisions: decisions - loggedDecisions,
        reason,
      });
      loggedDecisions = decisions;
    }
    const local = await standIn.take(checks.filter(isLocal));
    let next = 0;
    return checks.map((check): Verdict => {
      const verdict = isLocal(check) ? local[next++] : undefined;
      return verdict ? { ...verdict, degraded: 'local' } : toUncounted(check);
    });
  }

  const take: RateLimitStore['take'] = async (checks, background) => {
    checks.forEach(toCost);
    if (checks.length === 0) return [];
    if (!away) {
      try {
        const verdicts = await withDeadline(deadlineMs, shared.take(checks), toLate);
        // The stand-in counts along, so that nobody has a fresh quota when the store goes away.
        await standIn.take(checks.filter((check, nth) => isLocal(check) && verdicts[nth]?.allowed));
        return verdicts;
      } catch (error) {
        fail(error);
      }
    } else {
      probe(checks, background);
    }
    return decideAlone(checks);
  };

  return {
    take,
    refund: async (check) => {
      await standIn.refund(check);
      if (!away) await withDeadline(deadlineMs, shared.refund(check), toLate).catch(fail);
    },
    reset: async (policy, key) => {
      await standIn.reset(policy, key);
      await withDeadline(deadlineMs, shared.reset(policy, key), toLate);
    },
    state: () => ({ degraded: away, degradedDecisions: decisions }),
  };
}

function isLocal({ policy }: Check): boolean {
  return policy.onStoreFailure === 'local';
}

function toUncounted({ policy }: Check): Verdict {
  return policy.onStoreFailure === 'closed'
    ? { allowed: false, remaining: 0, resetAfterMs: 0, retryAfterMs: probeEveryMs, degraded: 'closed' }
    : { allowed: true, remaining: policy.limit, resetAfterMs: 0, retryAfterMs: 0, degraded: 'open' };
}

function toLate(milliseconds: number): Error {
  return new Error(`no answer in ${milliseconds} ms`);
}
