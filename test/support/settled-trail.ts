/** The audit trail serves what no transaction under way can come before, and the tests of other files share the cluster. */

/** A statement of its own, of whichever client. */
interface Statements {
  readonly sql: (statement: TemplateStringsArray) => PromiseLike<readonly object[]>;
}

/**
 * Until all that this test's database has in its trail is served.
 *
 * @throws {Error} after half a minute
 */
export async function settleTrail({ sql }: Statements): Promise<void> {
  for (let tries = 0; tries < 6000; tries += 1) {
    const unsettled = await sql`
      select pg_sleep(0.005)::text from audit_events where xact >= pg_snapshot_xmin(pg_current_snapshot()) limit 1`;
    if (unsettled.length === 0) return;
  }
  throw new Error('a transaction of the cluster holds the audit trail back');
}
