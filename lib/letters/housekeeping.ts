/** What nobody needs any more: letters that were sent or given up, and proofs that have ended. */
import type { Sql } from '../database.ts';

/**
 * Letters go a week after they were sent, 30 days after they were given up; proofs a day after they ended, until when a
 * page can say that its link is old. A thousand at most: what is left goes next time.
 */
export async function sweepLetters(sql: Sql): Promise<void> {
  await sql`
    delete from outbox
    where id in (
      select id from outbox
      where sent_at < now() - interval '7 days' or dead_at < now() - interval '30 days'
      limit 1000
    )`;
  await sql`
    delete from magic_links
    where id in (select id from magic_links where expires_at < now() - interval '1 day' limit 1000)`;
}
