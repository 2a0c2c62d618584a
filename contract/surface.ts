/** What a function shows of itself: its routes, who may call them, and the limits they count against. */
import type { FunctionApp } from '../lib/http/function.ts';
import { type RouteRules, rulesOf } from '../lib/http/guard.ts';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly caller: string;
  readonly limits: readonly string[];
  /**
   * What the caller's role must allow, in the organization of the token or (`in it`) of the path, how fresh the sign-in must be, and
   * whether it needs an idempotency key.
   */
  readonly demands: readonly string[];
}

/** A function and the routes that its app has; it should be exactly one, and guarded. */
export interface Surface {
  readonly name: string;
  readonly endpoints: readonly Route[];
  readonly unguarded: boolean;
  /** Whether the file exports an app at all. */
  readonly isApp: boolean;
}

/** `app` is what the file exports by default, which a file of a newcomer may not do. */
export function toSurface(name: string, app: FunctionApp | undefined): Surface {
  const { routes }: Partial<FunctionApp> = app ?? {};
  if (!routes) return { name, endpoints: [], unguarded: false, isApp: false };
  const endpoints = new Map<string, Route>();
  for (const { method, path, handler } of routes) {
    const address = `${method} ${path}`;
    const rules = rulesOf(handler);
    const known = endpoints.get(address);
    endpoints.set(address, {
      method,
      path,
      caller: rules?.caller.name ?? known?.caller ?? '',
      limits: rules?.limits.policies.map((policy) => policy.name) ?? known?.limits ?? [],
      demands: rules ? toDemands(rules) : (known?.demands ?? []),
    });
  }
  return {
    name,
    endpoints: [...endpoints.values()],
    unguarded: [...endpoints.values()].some(({ caller }) => caller === ''),
    isApp: true,
  };
}

function toDemands({ permission, membership, freshness, idempotency }: RouteRules): readonly string[] {
  return [
    ...(permission ? [permission] : []),
    ...(membership ? [`${membership} in it`] : []),
    ...(freshness ? [`within ${freshness.maxAgeSeconds} s`] : []),
    ...(idempotency ? ['idempotency key'] : []),
  ];
}
