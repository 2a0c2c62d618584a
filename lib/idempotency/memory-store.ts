/** The store of a process without Redis, which is the only one there is, as in development. */
import { Problem } from '../core/problem.ts';
import { type IdempotencyStore, leaseMs, rememberedMs, type Run } from './store.ts';

interface Kept {
  readonly fingerprint: string;
  readonly owner: string;
  readonly leaseUntil: number;
  readonly until: number;
  readonly done?: { readonly answer: string | undefined };
}

/**
 * `now` gives milliseconds and never goes back. What is remembered makes room for nothing: one that were forgotten would be done
 * twice. `begin` throws `overloaded` then.
 */
export function createMemoryIdempotency({
  now = () => performance.now(),
  maxRuns = 1000,
}: { now?: () => number; maxRuns?: number } = {}): IdempotencyStore {
  // In the order of their ends, as each is kept as long as every other.
  const kept = new Map<string, Kept>();

  function keep({ name, fingerprint, owner }: Run, done?: Kept['done']): void {
    const time = now();
    kept.delete(name);
    kept.set(name, {
      ...{ fingerprint, owner, leaseUntil: time + leaseMs, until: time + rememberedMs },
      ...(done && { done }),
    });
  }

  function dropEnded(): void {
    for (const [name, { until }] of kept) {
      if (until > now()) return;
      kept.delete(name);
    }
  }

  const isOwn = ({ name, owner }: Run) => kept.get(name)?.owner === owner && !kept.get(name)?.done;

  return {
    begin: async (run) => {
      dropEnded();
      const held = kept.get(run.name);
      if (held && held.fingerprint !== run.fingerprint) return { kind: 'taken' };
      if (held?.done) return { kind: 'done', answer: held.done.answer };
      const left = (held?.leaseUntil ?? 0) - now();
      if (left > 0) return { kind: 'running', retryAfterMs: left };
      if (!held && kept.size >= maxRuns)
        throw new Problem('overloaded', {}, { headers: { 'Retry-After': '60' } });
      keep(run);
      return { kind: 'begun' };
    },
    complete: async (run, answer) => {
      if (isOwn(run)) keep(run, { answer });
    },
    release: async (run) => {
      if (isOwn(run)) kept.delete(run.name);
    },
  };
}
