/**
 * The limiter of one process: exact, at every limit, by a log of what each key took. It is the store where there
 * is no Redis, and the fallback while Redis is away. It holds no timers: what is idle is pushed out by what is used.
 */
import { hashId } from './hash-id.ts';
import { SlidingLog } from './sliding-log.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import { isRevocationCheck, toCost, toUnitless } from './store.ts';
import type { Check, Policy, RateLimitStore, Decision, RevocationCheck } from './store.ts';

export interface MemoryStore extends RateLimitStore {
  /** Counts along what another store decided, so that the next decision of this one goes on from there. */
  readonly follow: (check: Check, decision: Decision) => void;
}

/**
 * `now` gives milliseconds and never goes back. `maxKeys` are kept of each policy, so that a flood of addresses at
 * one endpoint pushes nothing out of another policy; what was used least recently is forgotten first.
 *
 * @example const store = createMemoryStore();
 */
export function createMemoryStore({
  now = () => performance.now(),
  maxKeys = 10_000,
}: { now?: () => number; maxKeys?: number } = {}): MemoryStore {
  const policies = new Map<string, Generations>();
  const revocations = new BoundedMap<string, number>(maxKeys);

  function findLogs({ name }: Policy): Generations {
    let logs = policies.get(name);
    if (!logs) policies.set(name, (logs = new Generations(maxKeys / 2)));
    return logs;
  }

  function decide(check: Check): Decision {
    const { limit, windowMs } = check.policy;
    const cost = toCost(check);
    const time = now();
    const logs = findLogs(check.policy);
    const log = logs.find(check.key) ?? new SlidingLog();
    log.drop(time - windowMs);
    log.reserve(limit - log.used);
    const missing = log.used + Math.max(cost, 1) - limit;
    const id = cost === 0 ? 0 : hashId(check.id);
    const repeated = cost > 0 && log.has(id);
    if (cost > 0 && !repeated && missing <= 0) log.add(time, id, cost);
    logs.keep(check.key, log);
    const allowed = repeated || missing <= 0;
    return {
      allowed,
      remaining: Math.max(0, limit - log.used),
      resetAfterMs: until(log.takenAt(1), windowMs, time),
      retryAfterMs: allowed ? 0 : until(log.takenAt(missing), windowMs, time),
    };
  }

  function isCurrent({ subject, parts, asOf }: RevocationCheck): boolean {
    // Nearly always: nothing was revoked.
    return (
      revocations.size === 0 || parts.every((part) => (revocations.get(`${subject}\n${part}`) ?? 0) < asOf)
    );
  }

  function follow(check: Check, { allowed, remaining }: Decision): void {
    const { limit, windowMs } = check.policy;
    const cost = toCost(check);
    const time = now();
    const logs = findLogs(check.policy);
    const log = logs.find(check.key) ?? new SlidingLog();
    log.drop(time - windowMs);
    const id = cost === 0 ? 0 : hashId(check.id);
    if (allowed && cost > 0 && !log.has(id)) log.add(time, id, cost);
    log.follow(limit - remaining, time);
    logs.keep(check.key, log);
  }

  return {
    follow,
    take: (checks) =>
      checks.map((check) => (isRevocationCheck(check) ? toUnitless(isCurrent(check)) : decide(check))),
    revoke: async (revoked) => {
      for (const { subject, parts, at } of revoked) {
        for (const part of parts) {
          const name = `${subject}\n${part}`;
          revocations.set(name, Math.max(at, revocations.get(name) ?? 0));
        }
      }
    },
    refund: async ({ policy, key, id }) => {
      const logs = findLogs(policy);
      const log = logs.find(key);
      log?.remove(hashId(id));
      if (log) logs.keep(key, log);
    },
    reset: async (policy, key) => findLogs(policy).delete(key),
  };
}

/**
 * The logs of one policy. Least recently used by halves: when the young half is full it becomes the old one, and the old one
 * is forgotten. A list that is reordered at each check costs more and keeps no more of what matters.
 */
class Generations {
  readonly #size: number;
  #young = new Map<string, SlidingLog>();
  #old = new Map<string, SlidingLog>();

  constructor(size: number) {
    this.#size = size;
  }

  find(key: string): SlidingLog | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** Only who has taken something: a flood of keys that are refused elsewhere, or merely looked at, pushes nobody out. */
  keep(key: string, log: SlidingLog): void {
    if (log.used === 0) this.delete(key);
    else if (!this.#young.has(key)) {
      if (this.#young.size >= this.#size) {
        this.#old = this.#young;
        this.#young = new Map();
      }
      this.#young.set(key, log);
    }
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}

// The age first: it is never negative, so that no rounding makes the result longer than the window.
function until(takenAt: number | undefined, windowMs: number, time: number): number {
  return takenAt === undefined ? 0 : windowMs - (time - takenAt);
}
