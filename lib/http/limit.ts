/** The guard's part of rate limits: who is counted, what the response says of it. */
import { clientAddressOf, toAddressKey } from './client-address.ts';
import { verifyDeviceToken } from './device-token.ts';
import type { LimitRule, LimitSubject } from './guard.ts';
import { getOwnCookie } from './own-cookie.ts';
import type { FunctionContext } from './services.ts';
import { toLimitHeaders } from '../rate-limit/headers.ts';
import type { Check, Policy, RateLimitStore, Verdict } from '../rate-limit/store.ts';

/**
 * All of these policies, decided in one round trip. What one of them refuses counts against none: else a stranger whom the
 * address stops could go on to use up the owner's account.
 */
export function limit<Limits extends string>(
  ...policies: readonly (Policy & { readonly name: Limits })[]
): LimitRule<Limits> {
  return {
    policies,
    addressOf: clientAddressOf,
    charge: async (c, subject) => {
      // Made here and not taken from X-Request-Id: whoever chooses the id chooses not to be charged.
      const id = crypto.randomUUID();
      const checks = policies.flatMap((policy) => {
        const key = keyOf(policy, c, subject);
        return key === undefined ? [] : [{ policy, key, id }];
      });
      const verdicts = await takeAll(c.env.rateLimits, checks);
      const charges = checks.map((check, nth) => ({ check, exceeded: !verdicts[nth]?.allowed }));
      const told = charges.map(({ check }) => check.policy.silent !== true);
      const { headers, refusal } = toLimitHeaders(
        checks.flatMap(({ policy }, nth) => (told[nth] ? [policy] : [])),
        verdicts.filter((_, nth) => told[nth]),
      );
      for (const name in headers) c.header(name, headers[name]);
      if (refusal) throw refusal;
      return charges;
    },
  };
}

async function takeAll(store: RateLimitStore, checks: readonly Check[]): Promise<readonly Verdict[]> {
  const verdicts = await store.take(checks);
  if (verdicts.every(({ allowed }, nth) => allowed || checks[nth]?.policy.silent)) return verdicts;
  const taken = checks.filter((_, nth) => verdicts[nth]?.allowed);
  await Promise.all(taken.map((check) => store.refund(check)));
  return verdicts.map((verdict) =>
    verdict.allowed ? { ...verdict, remaining: verdict.remaining + 1 } : verdict,
  );
}

function keyOf({ keyedBy }: Policy, c: FunctionContext, subject: LimitSubject): string | undefined {
  const userId = textMember(subject.caller, 'userId');
  switch (keyedBy) {
    case 'address':
      return `address:${toAddressKey(subject.address)}`;
    case 'caller':
      return userId === undefined ? `address:${toAddressKey(subject.address)}` : `user:${userId}`;
    case 'account':
      return userId === undefined ? mailboxKey(c, subject.input) : `user:${userId}`;
    case 'mailbox':
      return mailboxKey(c, subject.input);
  }
}

/** Who has signed in with the address before is counted apart from all others that name it. */
function mailboxKey(c: FunctionContext, input: unknown): string | undefined {
  const email = textMember(input, 'email');
  if (email === undefined) return undefined;
  const token = textMember(input, 'device_token') ?? getOwnCookie(c, 'device');
  const device = token === undefined ? undefined : verifyDeviceToken(token, email, c.env.tokenSecret);
  return device === undefined ? `mailbox:${email}` : `device:${device}`;
}

function textMember(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined;
  const member: unknown = Reflect.get(value, name);
  return typeof member === 'string' ? member : undefined;
}
