/** What a guard has to know of limits. */
import type { Awaitable } from '../core/awaitable.ts';
import type { Policy, RateLimitStore, RevocationCheck } from '../rate-limit/store.ts';
import type { Charge, ChargedLimits } from './charged-limits.ts';
import type { FunctionContext } from './services.ts';

/** How often: `limit(...)` (`limit.ts`) or `unlimited` (`unlimited.ts`). `Limits` are its policies' names. */
export interface LimitRule<Limits extends string = string> {
  readonly policies: readonly (Policy & { readonly name: Limits })[];
  /** Who is on the other end, as far as this rule has to know it. */
  readonly addressOf: (c: FunctionContext) => string;
  readonly charge: (
    c: FunctionContext,
    subject: LimitSubject,
    credential: RevocationCheck | undefined,
  ) => Awaitable<Charged>;
  /** What the request has taken, for its handler and for the end of it. */
  readonly toChargedLimits: (
    rateLimits: Pick<RateLimitStore, 'refund'>,
    charges: readonly Charge[],
  ) => ChargedLimits<Limits>;
}

export interface Charged {
  readonly charges: readonly Charge[];
  /** Whether nothing was revoked that the credential stands on. */
  readonly isCurrent: boolean;
}

/** What limits can be keyed by, as far as it is known. */
export interface LimitSubject {
  readonly address: string;
  readonly caller: unknown;
  readonly input: unknown;
}
