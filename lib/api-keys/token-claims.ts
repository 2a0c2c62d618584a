/** What tokens for other services say of a program, whichever way it got them. */
import type { Permission } from '../core/permissions.ts';
import type { KeyCaller } from '../http/guarded-request.ts';
import type { ProgramClaims } from '../security/jwt.ts';

/**
 * The key is the subject (RFC 9068, section 2.2), of a person's too: a key may less than its owner, and a service that reads nothing
 * but `sub` must not take it for them. `user_id` names the owner for who asks.
 */
export function toProgramClaims(
  { keyId, organizationId, userId }: KeyCaller,
  scopes: readonly Permission[],
): ProgramClaims {
  return {
    sub: keyId,
    client_id: keyId,
    org: organizationId,
    ...(userId !== undefined && { user_id: userId }),
    scope: scopes.join(' '),
  };
}
