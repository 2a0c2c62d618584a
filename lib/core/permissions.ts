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

export function hasPermission(role: Role | undefined, permission: Permission): boolean {
  return role !== undefined && permissions[role].includes(permission);
}
