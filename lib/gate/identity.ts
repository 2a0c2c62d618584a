/** What a service behind the gate is told of its caller. */
import { toProgramClaims } from '../api-keys/token-claims.ts';
import { permissionsOf } from '../core/permissions.ts';
import type { Caller, KeyCaller } from '../http/guarded-request.ts';
import type { IdentityClaims } from '../security/jwt.ts';

/** All that the caller may stands in `scope`, so that a service can ask for more than the address of the gate does. */
export function toIdentity(caller: Caller | KeyCaller): IdentityClaims {
  if (caller.kind === 'key') return toProgramClaims(caller, caller.scopes);
  const { userId, organizationId, role } = caller;
  return {
    sub: userId,
    ...(organizationId !== undefined && { org: organizationId }),
    ...(role !== undefined && { role }),
    scope: permissionsOf(role).join(' '),
  };
}
