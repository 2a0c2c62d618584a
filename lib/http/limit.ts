/** The guard's part of rate limits: who is counted, what the response says of it. */
import { clientAddressOf, toAddressKey, toSiteKey } from './client-address.ts';
import { type Charge, createChargedLimits } from './charged-limits.ts';
import type { LimitRule, LimitSubject } from './limit-rule.ts';
import type { KeyCaller } from './guarded-request.ts';
import type { FunctionContext } from './services.ts';
import { andThen, type Awaitable } from '../core/awaitable.ts';
import { toLimitHeaders } from '../rate-limit/headers.ts';
import type { Check, Policy, RateLimitStore, Decision } from '../rate-limit/store.ts';

/**
 * The looser limits beside a policy's own. A customer who has a /48 of IPv6 to himself has 65,536 of the /64 that are counted,
 * and whoever may sign in gets another device token each time: all of them together get so many times the limit.
 */
const timesTheLimit = { own: 1, site: 16, devices: 3 };
type Form = keyof typeof timesTheLimit;

type Named<Limits extends string> = Policy & { readonly name: Limits };

/**
 * All of these policies, decided in one round trip. What one of them refuses counts against none: else a stranger whom the
 * address stops could go on to use up the owner's account. Those of accounts and mailboxes are for `limitByDevice`.
 */
export function limit<Limits extends string>(
  ...policies: readonly (Named<Limits> & {
    readonly keyedBy: Exclude<Policy['keyedBy'], 'account' | 'mailbox'>;
  })[]
): LimitRule<Limits> {
  return createLimit(policies);
}

/** A device that has signed in with an address before. */
export interface KnownDevice {
  readonly email: string;
  readonly nonce: string;
}

/** How such a device is told from a stranger, and counted. */
export interface DeviceRule<Device extends KnownDevice> {
  readonly find: (c: FunctionContext, input: unknown) => Device | undefined;
  /** @param check what it was counted by; `keyOfMailbox` is what a stranger would have been */
  readonly toCharge: (
    store: RateLimitStore,
    check: Check,
    counted: { readonly device: Device; readonly keyOfMailbox: string },
  ) => NonNullable<Charge['device']>;
}

export function createLimit<Limits extends string, Device extends KnownDevice>(
  policies: readonly Named<Limits>[],
  devices?: DeviceRule<Device>,
): LimitRule<Limits> {
  const counted = policies.map((policy) => ({
    own: policy,
    site: loosen(policy, 'site'),
    devices: loosen(policy, 'devices'),
  }));
  return {
    policies,
    addressOf: clientAddressOf,
    toChargedLimits: (rateLimits, charges) => createChargedLimits(rateLimits, policies, charges),
    charge: (c, subject, credential) => {
      const { rateLimits: store, requestContext } = c.env;
      const { ownId } = requestContext;
      const { caller } = subject;
      // Not X-Request-Id: whoever chooses the id chooses not to be charged. Who asked first as nobody is charged once more.
      const id = caller === undefined ? `${ownId}?` : ownId;
      const device = devices?.find(c, subject.input);
      const asked = isProgram(caller) ? counted.map((forms) => toRated(forms, caller)) : counted;
      const checks: Check[] = [];
      for (const forms of asked) {
        for (const [form, key] of keysOf(forms.own, subject, device))
          checks.push({ policy: forms[form], key, id });
      }
      return andThen(store.take(credential ? [...checks, credential] : checks), (answers) => {
        // What answers the credential comes last, and belongs to none of the checks.
        const isCurrent = !credential || answers[checks.length]?.allowed === true;
        return andThen(refundRefused(store, checks, answers), (decisions) => {
          const told = asked === counted ? policies : asked.map(({ own }) => own);
          const { headers, refusal } = toHeaders(told, checks, decisions);
          Object.assign(requestContext.headers, headers);
          if (refusal) throw refusal;
          const charges = checks.map((check, nth): Charge => {
            const exceeded = !decisions[nth]?.allowed;
            if (!devices || !device || !check.key.startsWith(devicePrefix)) return { check, exceeded };
            const keyOfMailbox = mailboxPrefix + device.email;
            return { check, exceeded, device: devices.toCharge(store, check, { device, keyOfMailbox }) };
          });
          return { charges, isCurrent };
        });
      });
    },
  };
}

type Forms = Readonly<Record<Form, Policy>>;

function loosen(policy: Policy, form: Form): Policy {
  return { ...policy, limit: policy.limit * timesTheLimit[form] };
}

function isProgram(caller: unknown): caller is KeyCaller {
  return (caller as Partial<KeyCaller> | undefined)?.kind === 'key';
}

/** A policy of keys with the limit and the window of this key. */
function toRated(forms: Forms, { rates }: KeyCaller): Forms {
  const { keyedBy } = forms.own;
  if (keyedBy !== 'key' && keyedBy !== 'keys') return forms;
  const { requests, seconds } = keyedBy === 'key' ? rates.key : rates.organization;
  return { ...forms, own: { ...forms.own, limit: requests, windowMs: seconds * 1000 } };
}

/** Where one of them is refused, the others get back what they took. */
function refundRefused(
  store: RateLimitStore,
  checks: readonly Check[],
  decisions: readonly Decision[],
): Awaitable<readonly Decision[]> {
  if (checks.every(({ policy }, nth) => decisions[nth]?.allowed || policy.silent)) return decisions;
  const taken = checks.filter((_, nth) => isTaken(decisions[nth]));
  return Promise.all(taken.map((check) => store.refund(check))).then(() =>
    decisions.map((decision) =>
      isTaken(decision) ? { ...decision, remaining: decision.remaining + 1 } : decision,
    ),
  );
}

const isTaken = (decision: Decision | undefined) => decision?.allowed && !decision.untaken;

export function toHeaders(
  policies: readonly Policy[],
  checks: readonly Check[],
  decisions: readonly Decision[],
) {
  const told: Policy[] = [];
  const strictest: Decision[] = [];
  for (const policy of policies) {
    const decision = policy.silent ? undefined : findStrictest(policy, checks, decisions);
    if (!decision) continue;
    told.push(policy);
    strictest.push(decision);
  }
  return toLimitHeaders(told, strictest);
}

function findStrictest({ name }: Policy, checks: readonly Check[], decisions: readonly Decision[]) {
  let strictest: Decision | undefined;
  let nth = 0;
  for (const decision of decisions) {
    const isOwn = checks[nth++]?.policy.name === name;
    if (isOwn && (!strictest || decision.retryAfterMs > strictest.retryAfterMs)) strictest = decision;
  }
  return strictest;
}

const addressPrefix = 'address:';
const devicePrefix = 'device:';
const mailboxPrefix = 'mailbox:';

function keysOf(
  policy: Policy,
  { address, caller, input }: LimitSubject,
  device: KnownDevice | undefined,
): readonly (readonly [Form, string])[] {
  const { keyedBy } = policy;
  if (keyedBy === 'key' || keyedBy === 'keys' || (keyedBy === 'caller' && isProgram(caller))) {
    return keysOfProgram(policy, caller);
  }
  const userId = isProgram(caller) ? undefined : textMember(caller, 'userId');
  // Who has signed in spends what is their own, and nothing that the owner of the other address needs.
  if (userId !== undefined && keyedBy !== 'address') return [['own', `user:${userId}`]];
  if (keyedBy === 'address' || keyedBy === 'caller') {
    const site = toSiteKey(address);
    const own = ['own', addressPrefix + toAddressKey(address)] as const;
    return site === undefined ? [own] : [own, ['site', addressPrefix + site]];
  }
  if (device) {
    return [
      ['own', devicePrefix + device.nonce],
      ['devices', `devices:${device.email}`],
    ];
  }
  const email = textMember(input, 'email');
  return email === undefined ? [] : [['own', mailboxPrefix + email]];
}

/**
 * A limit and a window of their own are part of the name: above 128 the store keeps them in another form, and one that has changed
 * begins anew.
 */
function keysOfProgram(
  { keyedBy, sparesKeys, limit: requests, windowMs }: Policy,
  caller: unknown,
): readonly (readonly [Form, string])[] {
  if (!isProgram(caller) || sparesKeys) return [];
  const { keyId, organizationId } = caller;
  if (keyedBy === 'caller') return [['own', `key:${keyId}`]];
  const subject = keyedBy === 'key' ? `key:${keyId}` : `organization:${organizationId}`;
  return [['own', `${subject}:${requests}:${windowMs}`]];
}

export function textMember(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const member = (value as Readonly<Record<string, unknown>>)[name];
  return typeof member === 'string' ? member : undefined;
}
