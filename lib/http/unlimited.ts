/** No limit at all, for endpoints that monitors ask. It stands by itself so that such an endpoint bundles no limiter. */
import type { LimitRule } from './guard.ts';

export const unlimited: LimitRule = { policies: [], charge: () => Promise.resolve([]) };
