/**
 * What stands before every handler. The checks that need no I/O come first (who calls, is the input sound), then all
 * limits in one round trip, and only then the first refusal is told: so a bad credential and a malformed body count
 * against the address like everything else, and every answer of a limited endpoint says what is left.
 */
import type { Context, MiddlewareHandler } from 'hono';
import type { Check, Policy } from '../rate-limit/store.ts';
import type { FunctionContext, FunctionEnv } from './services.ts';

/** The signed-in person, as the access token tells. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
}

/** Who may call: `anyone` or `user` (`caller.ts`). */
export interface CallerRule<Known> {
  readonly name: string;
  readonly identify: (c: FunctionContext) => Known | Promise<Known>;
}

/** How often: `limit(...)` or `unlimited` (`limit.ts`). */
export interface LimitRule {
  readonly policies: readonly Policy[];
  readonly charge: (c: FunctionContext, subject: LimitSubject) => Promise<readonly Charge[]>;
}

/** What a request was counted as, and whether that was over a silent policy's limit. */
export interface Charge {
  readonly check: Check;
  readonly exceeded: boolean;
}

/** What limits can be keyed by, as far as it is known. */
export interface LimitSubject {
  readonly caller: unknown;
  readonly input: unknown;
}

/** What the body must be: `json(schema)` (`json-body.ts`). */
export interface BodyRule<Input> {
  readonly parse: (request: Request) => Promise<Input>;
}

export interface GuardRules<Known, Input> {
  readonly caller: CallerRule<Known>;
  readonly limits: LimitRule;
  readonly body?: BodyRule<Input>;
}

export interface GuardedEnv<Known, Input> extends FunctionEnv {
  Variables: {
    readonly caller: Known;
    readonly input: Input;
    /** Gives back what this request took of a limit. */
    readonly refund: (policy: Policy) => Promise<void>;
    /** Whether this request is over the limit of a silent policy. */
    readonly isExceeded: (policy: Policy) => boolean;
  };
}

// Each bundle owns a copy of this module, so the rules are found by a registered symbol.
const rulesKey = Symbol.for('blockbot.guard');

export function guard<Known, Input = undefined>(
  rules: GuardRules<Known, Input>,
): MiddlewareHandler<GuardedEnv<Known, Input>> {
  const { caller, limits, body } = rules;

  async function guarded(c: Context<GuardedEnv<Known, Input>>, next: () => Promise<void>): Promise<void> {
    c.env.requestContext.route = c.req.routePath;
    const known = await settle(() => caller.identify(c));
    const input = body ? await settle(() => body.parse(c.req.raw)) : undefined;
    const charges = await limits.charge(c, { caller: known.value, input: input?.value });
    const chargeOf = (policy: Policy) => charges.find(({ check }) => check.policy === policy);
    if (known.refused) throw known.refusal;
    if (input?.refused) throw input.refusal;
    c.set('caller', known.value);
    c.set('input', input?.value as Input);
    c.set('refund', async (policy) => {
      const charge = chargeOf(policy);
      if (charge) await c.env.rateLimits.refund(charge.check);
    });
    c.set('isExceeded', (policy) => chargeOf(policy)?.exceeded ?? false);
    await next();
    // A password that nobody could look at was no failed one.
    if (c.res.status === 503) {
      await Promise.all(charges.filter(isByAccount).map(({ check }) => c.env.rateLimits.refund(check)));
    }
  }

  return Object.assign(guarded, { [rulesKey]: rules });
}

/** The rules of a handler that `guard` made, undefined for any other. */
export function rulesOf(handler: object): GuardRules<unknown, unknown> | undefined {
  return rulesKey in handler ? (handler[rulesKey] as GuardRules<unknown, unknown>) : undefined;
}

const isByAccount = ({ check }: Charge) => check.policy.keyedBy === 'account';

// Told apart by a member of its own: whatever is thrown is a refusal, `undefined` too.
type Settled<Value> =
  | { readonly refused: false; readonly value: Value }
  | { readonly refused: true; readonly value?: undefined; readonly refusal: unknown };

async function settle<Value>(step: () => Value | Promise<Value>): Promise<Settled<Value>> {
  try {
    return { refused: false, value: await step() };
  } catch (refusal) {
    return { refused: true, refusal };
  }
}
