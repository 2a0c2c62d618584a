/** Tells of every decision on a limit, for whoever counts them. */
import { andThen } from '../../lib/core/awaitable.ts';
import {
  type Check,
  type Decision,
  type FailureMode,
  isRevocationCheck,
  type RateLimitStore,
  type RevocationCheck,
} from '../../lib/rate-limit/store.ts';

export interface CountedDecision {
  readonly policy: string;
  readonly outcome: 'allowed' | 'denied';
  /** `shared`, or how it was decided while Redis was away. */
  readonly mode: 'shared' | FailureMode;
}

export function countDecisions(
  store: RateLimitStore,
  count: (decision: CountedDecision) => void,
): RateLimitStore {
  function tell(
    checks: readonly (Check | RevocationCheck)[],
    decisions: readonly Decision[],
  ): readonly Decision[] {
    for (const [nth, check] of checks.entries()) {
      if (isRevocationCheck(check)) continue;
      const { allowed, degraded = 'shared' } = decisions[nth] ?? { allowed: false };
      count({ policy: check.policy.name, outcome: allowed ? 'allowed' : 'denied', mode: degraded });
    }
    return decisions;
  }

  return {
    ...store,
    take: (checks, background) =>
      andThen(store.take(checks, background), (decisions) => tell(checks, decisions)),
  };
}
