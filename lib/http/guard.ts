/**
 * What stands before every handler. The checks that need no I/O come first (who calls, is the input sound), then all
 * limits in one round trip, and only then the first refusal is told: so a bad credential and a malformed body count
 * against the address like everything else, and every response of a limited endpoint says what is left.
 */
import type { Context, MiddlewareHandler } from 'hono';
import type * as z from 'zod/mini';
import type { Policy, RevocationCheck } from '../rate-limit/store.ts';
import { andThen, type Awaitable, settle, type Settled } from '../core/awaitable.ts';
import { Problem } from '../core/problem.ts';
import type { Permission } from '../core/permissions.ts';
import type { Demands, Member } from './authorize.ts';
import type { GuardedRequest } from './guarded-request.ts';
import type { Charged, LimitRule, LimitSubject } from './limit-rule.ts';
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
  Pick<Context, 'body' | 'error'> & { res: Response };

/** That it may be repeated without being done twice: `idempotent` (`idempotency.ts`). */
export interface IdempotencyRule<Known, Names extends ServiceName = never> {
  readonly services: readonly Names[];
  /** Carries it out by `proceed`, or answers as the first of its kind was answered. */
  readonly run: (
    c: AnsweringContext<Names>,
    repeatable: Repeatable<Known>,
    proceed: () => Awaitable<void>,
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
export const rulesKey = Symbol.for('blockbot.guard');

export function guard<
  Known,
  Input = undefined,
  Limits extends string = never,
  Names extends ServiceName = never,
  Allowed extends Permission = never,
>(
  rules: GuardRules<Known, Input, Limits, Names, Allowed>,
): MiddlewareHandler<GuardedEnv<Admitted<Known, Allowed>, Input, Limits, Names>> {
  type Env = GuardedEnv<Admitted<Known, Allowed>, Input, Limits, Names>;
  const { caller, limits, body, idempotency } = rules;
  const isDemanding = (rules.permission ?? rules.freshness) !== undefined;
  assertSound(rules);

  // Each step needs what those before it found out, and waits only where there is something to wait for.
  function guarded(c: Context<Env>, next: () => Awaitable<void>): Awaitable<void> {
    const { requestContext } = c.env;
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
    return andThen(identified, (known) =>
      andThen(body && settle(() => body.parse(c.req.raw)), (input) => {
        const subject = { address, caller: known.value, input: input?.value };
        const charged =
          (known.refused && stranger.charged()) || stranger.settle(() => charge(c, known, subject));
        return andThen(charged, ({ charges, isCurrent }) =>
          andThen(admit(c, request, { known, isCurrent }), (admitted) => {
            const { limits: own, finish } = limits.toChargedLimits(c.env.rateLimits, charges);
            if (admitted.refused) return refuse(admitted.refusal, finish);
            if (input?.refused) return refuse(input.refusal, finish);
            // Who has a permission has it in an organization.
            const value = admitted.value as Admitted<Known, Allowed>;
            c.set('request', { ...request, caller: value, limits: own });
            if (input) c.set('input', input.value);
            const answered = idempotency
              ? idempotency.run(c, { caller: value, input: input?.value }, next)
              : next();
            return andThen(answered, () => finish(c.res.status));
          }),
        );
      }),
    );
  }

  function charge(
    c: FunctionContext<Names>,
    known: Settled<Known>,
    subject: LimitSubject,
  ): Awaitable<Charged> {
    const credential = known.refused ? undefined : caller.standsOn?.(known.value);
    return andThen(
      settle(() => limits.charge(c, subject, credential)),
      (charged) => {
        if (!known.refused) caller.count?.(c, known.value, charged.refused);
        if (charged.refused) throw charged.refusal;
        return charged.value;
      },
    );
  }

  function admit(
    c: FunctionContext<Names>,
    request: GuardedRequest<undefined>,
    { known, isCurrent }: { known: Settled<Known>; isCurrent: boolean },
  ): Awaitable<Settled<Known>> {
    if (known.refused || (isCurrent && !isDemanding)) return known;
    return settle(async () => {
      let current = known.value;
      if (!isCurrent) {
        if (!caller.renew) throw new Problem('access-token-stale');
        current = await caller.renew(c, request, current);
      }
      caller.authorize?.(current, rules);
      return current;
    });
  }

  // Hono awaits what its type calls a promise.
  return Object.assign(guarded as MiddlewareHandler<Env>, { [rulesKey]: rules });
}

/** @throws the refusal, once given back is what no refusal keeps */
function refuse(refusal: unknown, finish: (status: number) => Awaitable<void>): Awaitable<never> {
  return andThen(finish(400), () => {
    throw refusal;
  });
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
