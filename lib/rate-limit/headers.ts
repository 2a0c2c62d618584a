/**
 * What an answer says of its limits: `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11,
 * sections 3 and 4: structured lists with one item per policy) on every answer, and on a refusal `Retry-After`
 * (RFC 9110, section 10.2.3) with the draft's problem member `violated-policies` (section 5.1).
 */
import { Problem, toRetryAfter } from '../core/problem.ts';
import type { Policy, Decision } from './store.ts';

export interface LimitHeaders {
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be thrown; undefined when all policies let the request pass. */
  readonly refusal: Problem | undefined;
}

/**
 * `decisions` stand in the order of `policies`. Times are whole seconds, rounded up, so that nobody comes too early. A
 * policy that was not counted at all, because the store is away and its mode is `open` or `closed`, claims nothing.
 *
 * @example const { headers, refusal } = toLimitHeaders([api], await store.take([{ policy: api, key, id }]));
 */
export function toLimitHeaders(policies: readonly Policy[], decisions: readonly Decision[]): LimitHeaders {
  let promised = '';
  let left = '';
  const violated: string[] = [];
  let refused = false;
  let retryAfterMs = 0;
  for (const [nth, policy] of policies.entries()) {
    const decision = decisions[nth];
    if (!decision) continue;
    const counted = decision.degraded === undefined || decision.degraded === 'local';
    promised = item(promised, policyItem(policy));
    if (counted && !policy.hidesRemaining) {
      left = item(left, `"${policy.name}";r=${String(decision.remaining)}${effectiveWindow(decision)}`);
    }
    if (decision.allowed) continue;
    refused = true;
    retryAfterMs = Math.max(retryAfterMs, decision.retryAfterMs);
    if (counted) violated.push(policy.name);
  }
  const headers: Record<string, string> = {};
  if (promised) headers['ratelimit-policy'] = promised;
  if (left) headers['ratelimit'] = left;
  return { headers, refusal: refused ? toProblem(violated, retryAfterMs) : undefined };
}

function toProblem(violated: readonly string[], retryAfterMs: number): Problem {
  const headers = { 'Retry-After': toRetryAfter(retryAfterMs) };
  // Nobody exceeded anything when a policy only lets none pass as long as the store is away.
  if (violated.length === 0) return new Problem('service-unavailable', {}, { headers });
  return new Problem('quota-exceeded', { 'violated-policies': violated }, { headers });
}

// How long no more than the remaining units can be used. When all are free there is nothing to wait for.
function effectiveWindow({ resetAfterMs }: Decision): string {
  return resetAfterMs > 0 ? `;t=${String(Math.ceil(resetAfterMs / 1000))}` : '';
}

const policyItems = new WeakMap<Policy, string>();

function policyItem(policy: Policy): string {
  let text = policyItems.get(policy);
  if (text === undefined) {
    text = `"${policy.name}";q=${String(policy.limit)};w=${String(Math.ceil(policy.windowMs / 1000))}`;
    policyItems.set(policy, text);
  }
  return text;
}

const item = (list: string, next: string) => (list ? `${list}, ${next}` : next);
