/** How many SQL statements a check of a key sends, by the log of the server that gets them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabaseClient } from '../../db/client.ts';
import { type Contestant, fewKeys, start } from './contestant.ts';

const checks = 50;

/**
 * Of a contestant that has checked its first keys: as many as it is asked with all the time, if it has no more.
 *
 * @param server its folder is where the embedded Postgres keeps its log
 */
export async function countStatements(
  contestants: readonly Contestant[],
  { url, dataDir }: { readonly url: string; readonly dataDir: string },
): Promise<ReadonlyMap<Contestant, number>> {
  const database = createDatabaseClient({ url });
  const logged = () =>
    readFileSync(join(dataDir, 'postgres.log'), 'utf8').match(/LOG: {2}(?:execute|statement)\b/g)?.length ??
    0;
  await database.sql`alter role current_user set log_statement = 'all'`;
  const counted = new Map<Contestant, number>();
  for (const contestant of contestants) {
    const { keys, url: address, stop } = await start(contestant, url);
    const ask = async (nth: number) => {
      const headers = { Authorization: `Bearer ${keys[nth % keys.length]}` };
      const { ok } = await fetch(address, { headers });
      if (!ok) throw new Error(`${contestant.name} refuses a key`);
    };
    for (let nth = 0; nth < fewKeys; nth += 1) await ask(nth);
    const before = logged();
    for (let nth = fewKeys; nth < fewKeys + checks; nth += 1) await ask(nth);
    counted.set(contestant, (logged() - before) / checks);
    await stop();
  }
  await database.sql`alter role current_user reset log_statement`;
  await database.close();
  return counted;
}
