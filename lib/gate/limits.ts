/** What requests to services behind the gate count against. */
import type { LimitRule } from '../http/limit-rule.ts';
import { limit } from '../http/limit.ts';
import { api, apiKeyLimit, organizationLimit } from '../rate-limit/policies.ts';

/** Without a `policy` in the address: the one that our own endpoints share. */
const usual = limit(api, apiKeyLimit, organizationLimit);

/** What `policy` may name. A product adds lines of its own, for a service that shall share its limit with nothing else. */
const named = new Map([['api', usual]]);

export const isGatePolicy = (name: string) => named.has(name);

/** Those of the address that the proxy asks. One that there is none of counts as usual, and is refused by the endpoint. */
export const gateLimits: typeof usual = {
  ...usual,
  charge: (c, subject, credential): ReturnType<LimitRule['charge']> =>
    (named.get(c.req.query('policy') ?? 'api') ?? usual).charge(c, subject, credential),
};
