/** No limit at all, for doors that monitors ask. It stands by itself so that such a door bundles no limiter. */
import type { LimitRule } from './guard.ts';

export const unlimited: LimitRule = { policies: [], charge: () => Promise.resolve([]) };
