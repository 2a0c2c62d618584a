/**
 * Remembers who was refused, so that a flood costs no round trips where there is one policy, and takes nothing where
 * there are several: the others are then only looked at, unless what was refused is silent, and refuses nobody. A refusal is
 * repeated until the moment when the units it waits for free, but for a second at most: a refund or a reset in another
 * process frees them earlier, and this process does not hear of it.
 */
import type { Awaitable } from '../core/awaitable.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import { isRevocationCheck, toUnitless } from './store.ts';
import type { Check, RateLimitStore, Decision } from './store.ts';

const longestMs = 1000;

type Asked = Parameters<RateLimitStore['take']>;

/**
 * `maxKeys` refusals are kept, the newest; `now` gives milliseconds and never goes back. What only looks, or asks for
 * another number of units than were refused, goes on to `store`. What was decided without the shared store is not kept.
 *
 * @example const store = createDenyCache(createResilientStore({ shared, log }));
 */
export function createDenyCache(
  store: RateLimitStore,
  { maxKeys = 10_000, now = () => performance.now() }: { maxKeys?: number; now?: () => number } = {},
): RateLimitStore {
  const refusals = new BoundedMap<string, Refusal>(maxKeys);

  function recall(check: Check, time: number): Decision | undefined {
    const name = nameOf(check);
    const refusal = refusals.get(name);
    if (!refusal) return undefined;
    const passedMs = time - refusal.time;
    if (passedMs >= refusal.lastsMs) {
      refusals.delete(name);
      return undefined;
    }
    if ((check.cost ?? 1) !== refusal.cost) return undefined;
    const { remaining, resetAfterMs, retryAfterMs } = refusal.decision;
    return {
      allowed: false,
      remaining,
      resetAfterMs: Math.max(0, resetAfterMs - passedMs),
      retryAfterMs: retryAfterMs - passedMs,
    };
  }

  function remember(check: Check, decision: Decision, time: number): void {
    if (decision.allowed || decision.degraded || check.cost === 0) return;
    const name = nameOf(check);
    refusals.delete(name);
    // The store counts in whole milliseconds, rounded up: the last one may be free already.
    const lastsMs = Math.min(decision.retryAfterMs - 1, longestMs);
    if (lastsMs > 0) refusals.set(name, { decision, cost: check.cost ?? 1, time, lastsMs });
  }

  async function askAndRemember(checks: Asked[0], background: Asked[1]): Promise<readonly Decision[]> {
    // The time before the store is asked: it decides later than that, so a refusal is never kept for too long.
    const time = now();
    const decisions = await store.take(checks, background);
    for (const [nth, check] of checks.entries()) {
      const decision = decisions[nth];
      if (decision && !isRevocationCheck(check)) remember(check, decision, time);
    }
    return decisions;
  }

  /** Answers what is known without the store, and has `ask` answer the others. */
  async function complete(
    known: readonly (Decision | undefined)[],
    checks: Asked[0],
    ask: (others: Asked[0]) => Awaitable<readonly Decision[]>,
  ): Promise<readonly Decision[]> {
    const decisions = await ask(checks.filter((_, nth) => !known[nth]));
    let next = 0;
    return known.flatMap((decision) => decision ?? decisions[next++] ?? []);
  }

  /**
   * Of a request that is refused already nothing is taken: the others are only looked at, for the headers. Whether its
   * credential was revoked makes no difference to it, and a flood should not be asked about.
   */
  function lookAtOthers(
    recalled: readonly (Decision | undefined)[],
    checks: Asked[0],
    background: Asked[1],
  ): Promise<readonly Decision[]> {
    const known = checks.map(
      (check, nth) => recalled[nth] ?? (isRevocationCheck(check) ? toUnitless(true) : undefined),
    );
    return complete(known, checks, async (others) => {
      const looks = others.map((check) => ({ ...check, cost: 0 }));
      const decisions = await store.take(looks, background);
      return decisions.map((decision) => ({ ...decision, untaken: true }));
    });
  }

  const take: RateLimitStore['take'] = (checks, background) => {
    if (refusals.size === 0) return askAndRemember(checks, background);
    const time = now();
    const recalled = checks.map((check) => (isRevocationCheck(check) ? undefined : recall(check, time)));
    if (!recalled.some(Boolean)) return askAndRemember(checks, background);
    // A silent policy refuses nobody: what else limits the request, or denies its credential, decides about it.
    return checks.some((check, nth) => recalled[nth] && !isSilent(check))
      ? lookAtOthers(recalled, checks, background)
      : complete(recalled, checks, (others) => askAndRemember(others, background));
  };

  return {
    take,
    revoke: store.revoke,
    refund: async (check) => {
      await store.refund(check);
      refusals.delete(nameOf(check));
    },
    reset: async (policy, key) => {
      await store.reset(policy, key);
      refusals.delete(nameOf({ policy, key }));
    },
  };
}

interface Refusal {
  readonly decision: Decision;
  readonly cost: number;
  readonly time: number;
  readonly lastsMs: number;
}

const isSilent = (check: Asked[0][number]) => !isRevocationCheck(check) && check.policy.silent;

const nameOf = ({ policy, key }: Pick<Check, 'policy' | 'key'>) => `${policy.name}\n${key}`;
