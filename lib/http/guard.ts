/**
 * What stands before every handler. The checks that need no I/O come first (who calls, is the input sound), then all
 * limits in one round trip, and only then the first refusal is told: so a bad credential and a malformed body count
 * against the address like everything else, and every response of a limited endpoint says what is left.
 */
import type { Context, MiddlewareHandler } from 'hono';
import type * as z from 'zod/mini';
import type { Policy, RevocationCheck } from '../rate-limit/store.ts';
import { Problem } from '../core/problem.ts';
import type { Permission } from '../core/permissions.ts';
import type { Demands, Member } from './authorize.ts';
import { createChargedLimits } from './charged-limits.ts';
import type { GuardedRequest } from './guarded-request.ts';
import type { LimitRule, LimitSubject } from './limit-rule.ts';
import type { FunctionContext, FunctionEnv, ServiceName } from './services.ts';
import { createStranger } from './stranger.ts';

/**
 * Who may call: `anyone` or `user` (`caller.ts`), `scheduler`, `browserUser` (`pages/browser-session.ts`), `apiKey`
 * (`api-keys/caller.ts`), or `either(user, apiKey)`.
 */
export interface CallerRule<Known, Names extends ServiceName = never> {
  readonly name: string;
  /** What it needs to tell who calls; the route has them by it. */
  readonly services: readonly Names[];
  /** Whether programs are among those it lets in: they have limits of their own, and never signed in. */
  readonly isProgram?: true;
  /**
   * @param beforeLookUp to be awaited before anything is asked of the database: it counts against the address, as long as the
   * caller turns out to be nobody, so that invented credentials cost no more look-ups than the limits let pass
   */
  readonly identify: (
    c: FunctionContext<Names>,
    request: GuardedRequest<undefined>,
    beforeLookUp: () => Promise<void>,
  ) => Known | Promise<Known>;
  /** What must not have been revoked since the caller's credential was issued. */
  readonly standsOn?: (known: Known) => RevocationCheck | undefined;
  /** The caller anew where it was; without it the request is refused. */
  readonly renew?: (
    c: FunctionContext<Names>,
    request: GuardedRequest<undefined>,
    known: Known,
  ) => Promise<Known>;
  /** Told of every request of theirs, and whether a limit refused it. */
  readonly count?: (c: FunctionContext<Names>, known: Known, refused: boolean) => void;
  /** @throws {Problem} what the demands of a route are refused by */
  readonly authorize?: (known: Known, demands: Demands) => void;
}

/** What the body must be: `json(schema)` (`json-body.ts`) or `form(schema)` (`form-body.ts`). */
export interface BodyRule<Input> extends BodyShape {
  readonly parse: (request: Request) => Promise<Input>;
}

/** What a body is, as documents tell it; no request is held against it but by `parse`. */
export interface BodyShape {
  readonly schema: z.ZodMiniType;
  readonly mediaType: string;
}

/** What tells one request from another one, but for its key. */
export interface Repeatable<Known> {
  readonly caller: Known;
  readonly input: unknown;
}

/** The context of a function whose answer is there, or will be. */
export type AnsweringContext<Names extends ServiceName> = FunctionContext<Names> &
  Pick<Context, 'body'> & { res: Response };

/** That it may be repeated without being done twice: `idempotent` (`idempotency.ts`). */
export interface IdempotencyRule<Known, Names extends ServiceName = never> {
  readonly services: readonly Names[];
  /** Carries it out by `proceed`, or answers as the first of its kind was answered. */
  readonly run: (
    c: AnsweringContext<Names>,
    repeatable: Repeatable<Known>,
    proceed: () => Promise<void>,
  ) => Promise<void>;
}

export interface GuardRules<
  Known,
  Input,
  Limits extends string,
  Names extends ServiceName,
  Allowed extends Permission,
> extends Demands<Allowed> {
  readonly caller: CallerRule<Known, Names>;
  readonly limits: LimitRule<Limits>;
  readonly body?: BodyRule<Input>;
  readonly idempotency?: IdempotencyRule<Known, Names>;
}

export interface GuardedEnv<
  Known,
  Input,
  Limits extends string,
  Names extends ServiceName,
> extends FunctionEnv<Names> {
  Variables: {
    readonly request: GuardedRequest<Known, Limits>;
    readonly input: Input;
  };
}

/** The caller as the handler of a route sees them. */
type Admitted<Known, Allowed extends Permission> = [Allowed] extends [never] ? Known : InOrganization<Known>;
type InOrganization<Known> = Known extends { readonly kind: 'key' } ? Known : Known & Member;

// Each bundle owns a copy of this module, so the rules are found by a registered symbol.
const rulesKey = Symbol.for('blockbot.guard');

export function guard<
  Known,
  Input = undefined,
  Limits extends string = never,
  Names extends ServiceName = never,
  Allowed extends Permission = never,
>(
  rules: GuardRules<Known, Input, Limits, Names, Allowed>,
): MiddlewareHandler<GuardedEnv<Admitted<Known, Allowed>, Input, Limits, Names>> {
  const { caller, limits, body, idempotency } = rules;
  const isDemanding = rules.permission !== undefined || rules.freshness !== undefined;
  assertSound(rules);

  async function guarded(
    c: Context<GuardedEnv<Admitted<Known, Allowed>, Input, Limits, Names>>,
    next: () => Promise<void>,
  ): Promise<void> {
    const { requestContext, rateLimits } = c.env;
    requestContext.route = c.req.routePath;
    const address = limits.addressOf(c);
    const request = {
      requestId: requestContext.requestId,
      userAgent: c.req.header('user-agent'),
      acceptLanguage: c.req.header('accept-language'),
      address,
      caller: undefined,
      limits: {},
    };
    const stranger = createStranger(c, limits, address);
    const identified = settle(() => caller.identify(c, request, stranger.charge));
    const known = identified instanceof Promise ? await identified : identified;
    const input = body ? await settle(() => body.parse(c.req.raw)) : undefined;
    const subject = { address, caller: known.value, input: input?.value };
    const { charges, isCurrent } =
      (known.refused && stranger.charged()) || (await stranger.settle(() => charge(c, known, subject)));
    const admitted =
      known.refused || (isCurrent && !isDemanding)
        ? known
        : await settle(() => admit(c, request, { known: known.value, isCurrent }));
    if (admitted.refused || input?.refused) {
      const ofMailbox = charges.filter(({ check }) => check.policy.keyedBy === 'mailbox');
      await Promise.all(ofMailbox.map(({ check }) => rateLimits.refund(check)));
    }
    if (admitted.refused) throw admitted.refusal;
    if (input?.refused) throw input.refusal;
    const { limits: own, finish } = createChargedLimits(rateLimits, limits.policies, charges);
    // Who has a permission has it in an organization.
    const value = admitted.value as Admitted<Known, Allowed>;
    c.set('request', { ...request, caller: value, limits: own });
    c.set('input', input?.value as Input);
    await (idempotency ? idempotency.run(c, { caller: value, input: input?.value }, next) : next());
    const refunds = finish(c.res.status);
    if (refunds) await refunds;
  }

  function charge(c: FunctionContext<Names>, known: Settled<Known>, subject: LimitSubject) {
    if (known.refused) return limits.charge(c, subject, undefined);
    const charging = limits.charge(c, subject, caller.standsOn?.(known.value));
    return caller.count ? count(c, known.value, charging) : charging;
  }

  async function count<Charged>(c: FunctionContext<Names>, known: Known, charging: Promise<Charged>) {
    let refused = true;
    try {
      const charged = await charging;
      refused = false;
      return charged;
    } finally {
      caller.count?.(c, known, refused);
    }
  }

  async function admit(
    c: FunctionContext<Names>,
    request: GuardedRequest<undefined>,
    { known, isCurrent }: { known: Known; isCurrent: boolean },
  ): Promise<Known> {
    if (!isCurrent && !caller.renew) throw new Problem('access-token-stale');
    const current = isCurrent || !caller.renew ? known : await caller.renew(c, request, known);
    if (isDemanding) caller.authorize?.(current, rules);
    return current;
  }

  return Object.assign(guarded, { [rulesKey]: rules });
}

/** @throws {TypeError} where the rules of a route would not hold for whom it lets in */
function assertSound<Known, Names extends ServiceName>({
  caller,
  limits,
  permission,
  freshness,
}: Demands & { readonly caller: CallerRule<Known, Names>; readonly limits: LimitRule }): void {
  if ((permission ?? freshness) && !caller.authorize) {
    throw new TypeError(`a caller ${caller.name} has no permissions`);
  }
  // What was revoked is asked in the round trip of the limits.
  if (caller.standsOn && limits.policies.length === 0) {
    throw new TypeError(`a caller ${caller.name} needs limits`);
  }
  if (!caller.isProgram) return;
  if (freshness) throw new TypeError(`a caller ${caller.name} may never have signed in`);
  if (!limits.policies.some(({ keyedBy }) => keyedBy === 'key')) {
    throw new TypeError(`a caller ${caller.name} needs a limit of keys, such as apiKeyLimit`);
  }
}

/** What a route's guard holds it to, as far as it can be told from outside. */
export interface RouteRules extends Demands {
  readonly caller: { readonly name: string; readonly services: readonly ServiceName[] };
  readonly limits: { readonly policies: readonly Policy[] };
  readonly body?: BodyShape;
  readonly idempotency?: { readonly services: readonly ServiceName[] };
}

/** The rules of a handler that `guard` made, undefined for any other. */
export function rulesOf(handler: object): RouteRules | undefined {
  return rulesKey in handler ? (handler[rulesKey] as RouteRules) : undefined;
}

// Told apart by a member of its own: whatever is thrown is a refusal, `undefined` too.
type Settled<Value> =
  | { readonly refused: false; readonly value: Value }
  | { readonly refused: true; readonly value?: undefined; readonly refusal: unknown };

function settle<Value>(step: () => Value | Promise<Value>): Settled<Value> | Promise<Settled<Value>> {
  try {
    const value = step();
    return value instanceof Promise ? value.then(toAccepted, toRefused) : toAccepted(value);
  } catch (refusal) {
    return toRefused(refusal);
  }
}

const toAccepted = <Value>(value: Value) => ({ refused: false, value }) as const;
const toRefused = (refusal: unknown) => ({ refused: true, refusal }) as const;
