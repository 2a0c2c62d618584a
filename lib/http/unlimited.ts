/** No limit at all, for endpoints that monitors ask. It stands by itself so that their bundles hold no limiter. */
import type { LimitRule } from './limit-rule.ts';

export const unlimited: LimitRule<never> = {
  policies: [],
  addressOf: ({ env }) => env.peerAddress,
  toChargedLimits: () => ({ limits: {}, finish: () => undefined }),
  charge: () => ({ charges: [], isCurrent: true }),
};
