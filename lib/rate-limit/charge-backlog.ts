/**
 * What one process let pass while the shared store was away, and that store has not counted yet. It holds no more than
 * `maxCharges` of each policy, the newest, so that a flood of addresses makes no other policy's charges forgotten.
 */
import { BoundedMap } from '../core/bounded-map.ts';
import type { Check, Policy } from './store.ts';

export interface ChargeBacklog {
  readonly add: (check: Check) => void;
  readonly remove: (check: Check) => void;
  /** Forgets all that this key took. */
  readonly reset: (policy: Policy, key: string) => void;
  /** The oldest, `count` of them at most; what left its window meanwhile is forgotten. */
  readonly oldest: (count: number) => readonly Check[];
}

/** `now` gives milliseconds and never goes back. */
export function createChargeBacklog({
  now,
  maxCharges = 5000,
}: {
  now: () => number;
  maxCharges?: number;
}): ChargeBacklog {
  const policies = new Map<string, Map<string, Charge>>();

  function add(check: Check): void {
    let charges = policies.get(check.policy.name);
    if (!charges) policies.set(check.policy.name, (charges = new BoundedMap(maxCharges)));
    charges.set(nameOf(check), { check, countedUntil: now() + check.policy.windowMs });
  }

  function oldest(count: number): readonly Check[] {
    const time = now();
    const found: Check[] = [];
    for (const charges of policies.values()) {
      for (const [name, { check, countedUntil }] of charges) {
        if (found.length === count) return found;
        if (countedUntil <= time) charges.delete(name);
        else found.push(check);
      }
    }
    return found;
  }

  return {
    add,
    remove: (check) => policies.get(check.policy.name)?.delete(nameOf(check)),
    reset: (policy, key) => {
      const charges = policies.get(policy.name);
      for (const [name, { check }] of charges ?? []) if (check.key === key) charges?.delete(name);
    },
    oldest,
  };
}

interface Charge {
  readonly check: Check;
  /** When it leaves the window. */
  readonly countedUntil: number;
}

const nameOf = ({ key, id }: Check) => `${id}\n${key}`;
