/** Who a route lets in, a name each: `either` joins the names of the two kinds that it lets in. */
import type { RouteRules } from '../lib/http/guard.ts';

/** @example callerNamesOf({ caller: either(user, apiKey), ... }) // ['user', 'apiKey'] */
export function callerNamesOf({ caller }: Pick<RouteRules, 'caller'>): readonly string[] {
  return caller.name.split(' or ');
}
