/** What a route demands of a signed-in person besides being one. */
import { hasPermission, type Permission } from '../core/permissions.ts';
import { challengeHeader, Problem } from '../core/problem.ts';
import type { Role } from '../../db/schema.ts';
import type { Caller } from './guarded-request.ts';

export interface Demands<Allowed extends Permission = Permission> {
  /** What the role in the access token must allow, in the organization that the token names. */
  readonly permission?: Allowed;
  /**
   * What the caller's role must allow in the organization of the address. The statement that acts reads the role and refuses
   * (`organizations/caller-membership.ts`); here it stands for the surface and the document, and the contract holds the route to it.
   */
  readonly membership?: Permission;
  /** How long ago the sign-in may have been (RFC 9470). */
  readonly freshness?: { readonly maxAgeSeconds: number };
}

/** For what can't be undone. */
export const recentSignIn = { maxAgeSeconds: 15 * 60 };

/** What is known of a caller whose role was asked for. */
export interface Member {
  readonly organizationId: string;
  readonly role: Role;
}

/** @throws {Problem} `permission-denied` (RFC 6750, section 3.1), `reauthentication-required` (RFC 9470, section 3) */
export function authorize(caller: Caller, { permission, freshness }: Demands): void {
  const { organizationId, role, authTime } = caller;
  if (permission && !(organizationId !== undefined && hasPermission(role, permission))) {
    throw toDenied(permission);
  }
  if (freshness && !isFresh({ authTime }, freshness)) throw toStepUp(freshness.maxAgeSeconds);
}

/** Whether the sign-in is young enough. */
export function isFresh(
  { authTime }: Pick<Caller, 'authTime'>,
  { maxAgeSeconds }: NonNullable<Demands['freshness']>,
): boolean {
  return Date.now() / 1000 - authTime <= maxAgeSeconds;
}

/** Names the permission that is missing. */
export function toDenied(permission: Permission): Problem {
  const challenge = `Bearer error="insufficient_scope", scope="${permission}", `;
  return new Problem('permission-denied', {}, { headers: { [challengeHeader]: challenge } });
}

/** Asks to sign in again. */
export function toStepUp(maxAgeSeconds: number): Problem {
  const challenge = `Bearer error="insufficient_user_authentication", max_age=${maxAgeSeconds}, `;
  return new Problem('reauthentication-required', {}, { headers: { [challengeHeader]: challenge } });
}
