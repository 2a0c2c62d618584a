/** The guard's part of rate limits: who is counted, what the answer says of it. */
import { clientAddressOf, toAddressKey } from '../client-address.ts';
import type { LimitRule, LimitSubject } from '../guard.ts';
import type { FunctionContext } from '../services.ts';
import { Problem, toRetryAfter } from '../problem.ts';
import type { Check, Policy, Verdict } from './store.ts';

/** All of these policies, decided in one round trip. */
export function limit(...policies: readonly [Policy, ...Policy[]]): LimitRule {
  return {
    policies,
    charge: async (c, subject) => {
      // Made here and not taken from X-Request-Id: whoever chooses the id chooses not to be charged.
      const id = crypto.randomUUID();
      const checks = policies.flatMap((policy) => {
        const key = keyOf(policy, c, subject);
        return key === undefined ? [] : [{ policy, key, id }];
      });
      const verdicts = await c.env.rateLimits.take(checks);
      tell(c, checks, verdicts);
      return checks;
    },
  };
}

function keyOf({ keyedBy }: Policy, c: FunctionContext, { caller, input }: LimitSubject): string | undefined {
  const userId = textMember(caller, 'userId');
  switch (keyedBy) {
    case 'address':
      return `address:${addressKey(c)}`;
    case 'caller':
      return userId === undefined ? `address:${addressKey(c)}` : `user:${userId}`;
    case 'account':
      return userId === undefined ? prefixed('mailbox:', textMember(input, 'email')) : `user:${userId}`;
    case 'mailbox':
      return prefixed('mailbox:', textMember(input, 'email'));
  }
}

const addressKey = (c: FunctionContext) => toAddressKey(clientAddressOf(c));

function textMember(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined;
  const member: unknown = Reflect.get(value, name);
  return typeof member === 'string' ? member : undefined;
}

const prefixed = (prefix: string, text: string | undefined) =>
  text === undefined ? undefined : prefix + text;

function tell(c: FunctionContext, checks: readonly Check[], verdicts: readonly Verdict[]): void {
  const policies: string[] = [];
  const left: string[] = [];
  const violated: string[] = [];
  let retryAfterMs = 0;
  for (const [index, { policy }] of checks.entries()) {
    const verdict = verdicts[index];
    if (!verdict) continue;
    policies.push(`"${policy.name}";q=${policy.limit};w=${policy.windowMs / 1000}`);
    left.push(`"${policy.name}";r=${verdict.remaining};t=${Math.ceil(verdict.resetAfterMs / 1000)}`);
    if (!verdict.allowed) {
      violated.push(policy.name);
      retryAfterMs = Math.max(retryAfterMs, verdict.retryAfterMs);
    }
  }
  c.header('RateLimit-Policy', policies.join(', '));
  c.header('RateLimit', left.join(', '));
  if (violated.length > 0) {
    throw new Problem(
      'quota-exceeded',
      { 'violated-policies': violated },
      { headers: { 'Retry-After': toRetryAfter(retryAfterMs) } },
    );
  }
}
