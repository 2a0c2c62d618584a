/** What the address that a proxy asks demands of a request. */
import type { HonoRequest } from 'hono';
import * as z from 'zod/mini';
import { BoundedMap } from '../core/bounded-map.ts';
import { isPermission, type Permission } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import type { Settings } from '../core/settings.ts';
import type { Demands } from '../http/authorize.ts';
import { parseInput } from '../http/input.ts';
import { isGatePolicy } from './limits.ts';

export interface GateDemands extends Demands {
  readonly audience: string;
}

const isName = (value: unknown) => typeof value === 'string' && isPermission(value);

/** Each once: of two permissions, one would be forgotten. */
const Query = z.strictObject({
  audience: z.tuple([z.string()]),
  permission: z.optional(z.tuple([z.custom<Permission>(isName, 'Must be a permission that there is')])),
  policy: z.optional(z.tuple([z.string().check(z.refine(isGatePolicy, 'Must be a policy of the gate'))])),
});

type GateSettings = Pick<Settings, 'gateAudiences'>;

// A proxy asks the same address each time. Addresses that nobody configured are refused, and not kept.
const known = new WeakMap<GateSettings, BoundedMap<string, GateDemands>>();
const mostKnown = 100;

/**
 * What is misspelt lets nobody pass.
 *
 * @throws {Problem} `invalid-input`
 */
export function parseDemands(
  request: Pick<HonoRequest, 'url' | 'queries'>,
  settings: GateSettings,
): GateDemands {
  const search = request.url.slice(request.url.indexOf('?'));
  let demands = known.get(settings)?.get(search);
  if (!demands) {
    demands = parseQuery(request.queries(), settings);
    const kept = known.get(settings) ?? new BoundedMap(mostKnown);
    known.set(settings, kept.set(search, demands));
  }
  return demands;
}

function parseQuery(
  query: Readonly<Record<string, readonly string[]>>,
  { gateAudiences }: GateSettings,
): GateDemands {
  const { audience, permission } = parseInput(Query, query);
  if (!gateAudiences.has(audience[0])) {
    const detail = `Must be one of GATE_AUDIENCES${gateAudiences.size === 0 ? ', which is not set' : ''}`;
    throw new Problem('invalid-input', { errors: [{ pointer: '#/audience', code: 'unknown', detail }] });
  }
  return { audience: audience[0], ...(permission && { permission: permission[0] }) };
}
