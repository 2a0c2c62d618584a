/** The guard's part of rate limits: who is counted, what the response says of it. */
import { clientAddressOf, toAddressKey, toSiteKey } from './client-address.ts';
import { verifyDeviceToken } from './device-token.ts';
import type { LimitRule, LimitSubject } from './guard.ts';
import { getOwnCookie } from './own-cookie.ts';
import type { FunctionContext } from './services.ts';
import { toLimitHeaders } from '../rate-limit/headers.ts';
import type { Check, Policy, RateLimitStore, Verdict } from '../rate-limit/store.ts';

/** A customer who has a /48 of IPv6 to himself has 65,536 times the limit by /64: together they get this many times. */
const limitsPerSite = 16;

/**
 * All of these policies, decided in one round trip. What one of them refuses counts against none: else a stranger whom the
 * address stops could go on to use up the owner's account.
 */
export function limit<Limits extends string>(
  ...policies: readonly (Policy & { readonly name: Limits })[]
): LimitRule<Limits> {
  const counted = policies.map((policy) => ({
    policy,
    sitePolicy: { ...policy, limit: policy.limit * limitsPerSite },
  }));
  return {
    policies,
    addressOf: clientAddressOf,
    charge: async (c, subject) => {
      // Made here and not taken from X-Request-Id: whoever chooses the id chooses not to be charged.
      const id = crypto.randomUUID();
      const checks = counted.flatMap(({ policy, sitePolicy }) => {
        const key = keyOf(policy, c, subject);
        if (key === undefined) return [];
        const site = key.startsWith(addressPrefix) ? toSiteKey(subject.address) : undefined;
        const check = { policy, key, id };
        return site === undefined ? [check] : [check, { policy: sitePolicy, key: addressPrefix + site, id }];
      });
      const verdicts = await takeAll(c.env.rateLimits, checks);
      const charges = checks.map((check, nth) => ({ check, exceeded: !verdicts[nth]?.allowed }));
      const told = policies.flatMap((policy) => {
        const own = verdicts.filter((_, nth) => checks[nth]?.policy.name === policy.name);
        const [strictest] = own.toSorted((one, other) => other.retryAfterMs - one.retryAfterMs);
        return strictest && !policy.silent ? [{ policy, verdict: strictest }] : [];
      });
      const { headers, refusal } = toLimitHeaders(
        told.map(({ policy }) => policy),
        told.map(({ verdict }) => verdict),
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

const addressPrefix = 'address:';

function keyOf({ keyedBy }: Policy, c: FunctionContext, subject: LimitSubject): string | undefined {
  const userId = textMember(subject.caller, 'userId');
  switch (keyedBy) {
    case 'address':
      return addressPrefix + toAddressKey(subject.address);
    case 'caller':
      return userId === undefined ? addressPrefix + toAddressKey(subject.address) : `user:${userId}`;
    case 'account':
    case 'mailbox':
      // Who has signed in spends what is their own, and nothing that the owner of the other address needs.
      return userId === undefined ? mailboxKey(c, subject.input) : `user:${userId}`;
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
