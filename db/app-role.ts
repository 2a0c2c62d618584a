/**
 * What the role may do that the router connects as: read and write rows, of the audit trail only read and add, and see which
 * migrations were applied, as doctor does. It owns nothing, so it can neither change a table nor switch off a trigger.
 */
import { openConnection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { connectTimeoutMs, lockKey } from './migrate.ts';
import { toHung } from './outage.ts';

/** A table that is not named here is closed to it. */
const grants = (role: string) => `
  revoke all on all tables in schema public from ${role};
  grant usage on schema public to ${role};
  grant select, insert, update, delete
    on users, organizations, memberships, invitations, join_links, refresh_tokens, known_devices, magic_links, outbox,
      api_keys, api_key_usage
    to ${role};
  grant select on live_sessions, live_memberships to ${role};
  grant select, insert on audit_events to ${role};
  grant execute on function sweep_audit_events(timestamptz, integer) to ${role};
  grant usage on schema drizzle to ${role};
  grant select on drizzle.__drizzle_migrations to ${role};`;

/**
 * Gives the role what the router needs and takes from it what else it was given there, in one transaction. To be run
 * after each migration, as the role that owns the tables.
 *
 * @throws {Error} when there is no such role, or when it could change the audit trail all the same: as a superuser, as the
 *   owner, or by a role that it is a member of
 */
export async function grantAppRole(url: string, role: string): Promise<void> {
  const { sql, begin, destroy } = openConnection(url);
  try {
    await withDeadline(connectTimeoutMs, begin(), toHung);
    await sql`set local lock_timeout = '5s'`;
    // Two that grant at once would end with "tuple concurrently updated".
    await sql`select pg_advisory_xact_lock(${lockKey})`;
    const [found] = await sql<
      { name: string }[]
    >`select rolname as name from pg_roles where rolname = ${role}`;
    if (!found)
      throw new Error(
        `DATABASE_APP_ROLE: there is no role ${role} (docs/security.md, "Roles of the database")`,
      );
    await sql.unsafe(grants(`"${role.replaceAll('"', '""')}"`));
    const [able] = await sql<{ changesTrail: boolean; ownsTables: boolean }[]>`
      select coalesce(
          rolcreaterole or has_table_privilege(oid, 'public.audit_events', 'update, delete, truncate, trigger'), true
        ) as changes_trail,
        exists (
          select from pg_class
          where relnamespace = 'public'::regnamespace and pg_has_role(pg_roles.oid, relowner, 'member')
        ) as owns_tables
      from pg_roles where rolname = ${role}`;
    if (!able || able.changesTrail || able.ownsTables) {
      throw new Error(
        `DATABASE_APP_ROLE: ${role} could change the audit trail; name a role that owns no table`,
      );
    }
    await sql.unsafe('commit');
  } finally {
    // Postgres rolls back what was not committed.
    destroy();
  }
}
