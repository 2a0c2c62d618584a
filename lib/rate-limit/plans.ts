/** What each plan allows. Which one an organization is on stands in its row; what a product bills by stands elsewhere. */
import type { Plan } from '../../db/plans.ts';
import { apiKeyLimit, organizationLimit } from './policies.ts';
import type { Policy } from './store.ts';

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
  standard: { key: toRate(apiKeyLimit, 1), organization: toRate(organizationLimit, 1) },
  large: { key: toRate(apiKeyLimit, 10), organization: toRate(organizationLimit, 10) },
};

function toRate({ limit, windowMs }: Policy, times: number): Rate {
  return { requests: limit * times, seconds: windowMs / 1000 };
}
