/** A Postgres of a bench's own with settings that it takes only as it starts. */
import { openConnection } from '../db/connection.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';

/** @param settings by name, as trusted as the source: they go into statements as they are */
export async function startConfiguredPostgres(
  dataDir: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<EmbeddedPostgres> {
  const first = await startEmbeddedPostgres({ dataDir });
  const { sql, close } = openConnection(first.url);
  for (const [name, value] of Object.entries(settings)) {
    await sql.unsafe(`alter system set ${name} = '${value}'`);
  }
  await close();
  await first.stop();
  return startEmbeddedPostgres({ dataDir });
}
