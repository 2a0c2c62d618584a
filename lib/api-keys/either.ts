/** People and programs at one route, told apart by their credential. A handler that needs one kind narrows by `kind`. */
import { Problem } from '../core/problem.ts';
import type { CallerRule } from '../http/guard.ts';
import type { Caller, KeyCaller } from '../http/guarded-request.ts';
import type { ServiceName } from '../http/services.ts';
import { presentsApiKey } from './caller.ts';

/**
 * Whoever either of the rules lets in.
 *
 * @example guard({ caller: either(user, apiKey), permission: 'members:read', limits: limit(api, apiKeyLimit) })
 */
export function either<Of extends ServiceName, With extends ServiceName>(
  person: CallerRule<Caller, Of>,
  program: CallerRule<KeyCaller, With>,
): CallerRule<Caller | KeyCaller, Of | With> {
  return {
    name: `${person.name} or ${program.name}`,
    isProgram: true,
    services: [...person.services, ...program.services],
    identify: (c, request, beforeLookUp) =>
      presentsApiKey(c)
        ? program.identify(c, request, beforeLookUp)
        : person.identify(c, request, beforeLookUp),
    standsOn: (known) => (known.kind === 'key' ? program.standsOn?.(known) : person.standsOn?.(known)),
    renew: async (c, request, known) => {
      const renewed =
        known.kind === 'key' ? program.renew?.(c, request, known) : person.renew?.(c, request, known);
      if (!renewed) throw new Problem('access-token-stale');
      return renewed;
    },
    count: (c, known, refused) => {
      if (known.kind === 'key') program.count?.(c, known, refused);
    },
    authorize: (known, demands) => {
      if (known.kind === 'key') program.authorize?.(known, demands);
      else person.authorize?.(known, demands);
    },
  };
}
