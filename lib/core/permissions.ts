/** Who may do what in an organization: a closed list of permissions, and the roles that have them. A product adds its own lines. */
import type { Role } from '../../db/schema.ts';

const member = ['members:read'] as const;
const admin = [
  ...member,
  'members:write',
  'invitations:write',
  'organization:write',
  'keys:write',
  'audit:read',
] as const;
const owner = [...admin, 'organization:delete'] as const;

/** Each role has what the one below it has. */
const permissions: Readonly<Record<Role, readonly string[]>> = { member, admin, owner };

export type Permission = (typeof owner)[number];

export const permissionNames: readonly [Permission, ...Permission[]] = owner;

/** Of a text that was written down under a list which may have been another one. */
export function isPermission(text: string): text is Permission {
  return (permissionNames as readonly string[]).includes(text);
}

/** All that a role may. */
export function permissionsOf(role: Role | undefined): readonly string[] {
  return role === undefined ? [] : permissions[role];
}

export function hasPermission(role: Role | undefined, permission: Permission): boolean {
  return role !== undefined && permissions[role].includes(permission);
}

/** The roles that have the permission, for a statement to compare with. */
export function rolesWith(permission: Permission): readonly Role[] {
  return ranks.filter((role) => hasPermission(role, permission));
}

/** The roles that somebody of this role may give, take away and act on: none above their own. */
export function rolesWithin(role: Role): readonly Role[] {
  return ranks.slice(0, ranks.indexOf(role) + 1);
}

/** From the lowest. */
const ranks: readonly Role[] = ['member', 'admin', 'owner'];
