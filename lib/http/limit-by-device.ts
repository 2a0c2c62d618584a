/** Limits of accounts and mailboxes, which anyone can use up who knows the address. */
import type { Check, Policy, RateLimitStore } from '../rate-limit/store.ts';
import type { Charge } from './charged-limits.ts';
import { type DeviceToken, verifyDeviceToken } from './device-token.ts';
import { createLimit, type DeviceRule, type KnownDevice, textMember, toHeaders } from './limit.ts';
import type { LimitRule } from './limit-rule.ts';
import { getOwnCookie } from './own-cookie.ts';

/** As `limit`; who has signed in with the address before is counted apart from all others that name it. */
export function limitByDevice<Limits extends string>(
  ...policies: readonly (Policy & { readonly name: Limits })[]
): LimitRule<Limits> {
  return createLimit(policies, devices);
}

const devices: DeviceRule<DeviceToken & KnownDevice> = {
  find: (c, input) => {
    const email = textMember(input, 'email');
    if (email === undefined) return undefined;
    const text = textMember(input, 'device_token') ?? getOwnCookie(c, 'device');
    const token = verifyDeviceToken(text, email, c.env.keyring);
    return token && { ...token, email };
  },
  toCharge: (store, check, { device: { issuedAt }, keyOfMailbox }) => ({
    issuedAt,
    countAsStranger: () => countAsStranger(store, { ...check, key: keyOfMailbox }),
  }),
};

async function countAsStranger(store: RateLimitStore, check: Check): Promise<Charge> {
  const decisions = await store.take([check]);
  const { refusal } = toHeaders([check.policy], [check], decisions);
  if (refusal) throw refusal;
  return { check, exceeded: !decisions[0]?.allowed };
}
