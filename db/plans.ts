/** What an organization can be on, the usual one first; `lib/rate-limit/plans.ts` has what each allows. */
export const plans = ['standard', 'large'] as const;
export type Plan = (typeof plans)[number];
