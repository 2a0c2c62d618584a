/**
 * Who asks, in the organization that the address names: read by the statement that acts, so that no role is ever stale. To who is
 * not in it, it does not exist.
 */
import type { Role } from '../../db/schema.ts';
import { fragment, type SqlFragment } from '../../db/sql.ts';
import { type Permission, rolesWith, rolesWithin } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import { isUuid } from '../core/uuid.ts';
import { toDenied } from '../http/authorize.ts';
import type { Caller } from '../http/guarded-request.ts';

/** What the columns of `callerMembership` say, null for who is no member, and undefined for whose session has ended. */
export interface CallerMembership {
  readonly callerRole: Role | null;
}

/** The caller as one row of user_id and role; none where the session has ended. For the first part of a `with`. */
export function callerMembership({ userId, sessionId }: Caller, organizationId: string): SqlFragment {
  return fragment`
      select live_sessions.user_id, membership.role
      from live_sessions left join live_memberships as membership on membership.user_id = live_sessions.user_id
        and membership.organization_id = ${organizationId}
      where live_sessions.id = ${sessionId} and live_sessions.user_id = ${userId}`;
}

/** Whether a column with a role is one of a role that has the permission: false for no role. */
export function permits(role: SqlFragment, permission: Permission): SqlFragment {
  return fragment`coalesce(${role} = any (${rolesWith(permission)}::text[]), false)`;
}

/** Whether whoever has the one role may act on whoever has the other: none above their own. */
export function reaches(role: SqlFragment, other: SqlFragment): SqlFragment {
  return fragment`array_position(${rolesWithin('owner')}::text[], ${role})
        >= array_position(${rolesWithin('owner')}::text[], ${other})`;
}

/**
 * The role, of who is a member and has the permission.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`
 */
export function assertPermitted(found: CallerMembership | undefined, permission: Permission): Role {
  if (!found) throw new Problem('session-ended');
  if (found.callerRole === null) throw new Problem('not-found');
  if (!rolesWith(permission).includes(found.callerRole)) throw toDenied(permission);
  return found.callerRole;
}

/**
 * An id of an address, as Postgres takes it.
 *
 * @throws {Problem} `not-found`
 */
export function toId(text: string): string {
  const id = text.toLowerCase();
  if (!isUuid(id)) throw new Problem('not-found');
  return id;
}
