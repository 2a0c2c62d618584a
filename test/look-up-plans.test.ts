/** Statements that look up many at once, as Postgres plans them for one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDatabaseClient, type DatabaseClient } from '../db/client.ts';
import read from '../functions/me/read.ts';
import { lookUpSession } from '../lib/sessions/session-look-up.ts';
import { type Registered, startBlockbot } from './support/blockbot.ts';
import { expectJson } from './support/responses.ts';

const bot = await startBlockbot();

const lookUps: Readonly<Record<string, (database: DatabaseClient, account: Registered) => Promise<unknown>>> =
  {
    'GET /v1/me': async (database, { access_token }) =>
      expectJson(
        await read.request(
          '/v1/me',
          { headers: { Authorization: `Bearer ${access_token}` } },
          { ...bot.services, database },
        ),
        200,
      ),
    'a browser at the gate': (database, { refresh_token }) =>
      lookUpSession({ database, keyring: bot.services.keyring }, refresh_token),
  };

for (const [name, lookUp] of Object.entries(lookUps)) {
  test(`${name} by one person after the other is planned for the first five, and then no more`, async (t) => {
    const account = await bot.register();
    const database = createDatabaseClient({ url: bot.databaseUrl, max: 1 });
    t.after(() => database.close());
    for (let nth = 0; nth < 12; nth++) await lookUp(database, account);
    const [plans] = await database.sql<{ kept: number; anew: number }>`
      select generic_plans::int as kept, custom_plans::int as anew from pg_prepared_statements
      where statement like '%cross join lateral%' and statement not like '%generic_plans%'`;
    assert.deepEqual(plans, { kept: 7, anew: 5 });
  });
}
