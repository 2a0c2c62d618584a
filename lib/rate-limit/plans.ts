/** What each plan allows. Which one an organization is on stands in its row; what a product bills by stands elsewhere. */
import type { Plan } from '../../db/plans.ts';

/** So many requests in any so many seconds. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

export interface PlanRates {
  /** For a key of which nothing else was said. */
  readonly key: Rate;
  /** For all keys of the organization together, whatever was said of each: many keys go round no limit. */
  readonly organization: Rate;
}

export const planRates: Readonly<Record<Plan, PlanRates>> = {
  standard: { key: { requests: 1000, seconds: 60 }, organization: { requests: 5000, seconds: 60 } },
  large: { key: { requests: 10_000, seconds: 60 }, organization: { requests: 50_000, seconds: 60 } },
};
