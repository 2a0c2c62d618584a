/** The client through PgBouncer, as it comes and as people set it up. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test, type TestContext } from 'node:test';
import postgres from 'postgres';
import { createTestDatabase } from '../test/support/database.ts';
import { startPgbouncer, withoutPgbouncer } from '../test/support/pgbouncer.ts';
import { createDatabaseClient, type DatabaseClientOptions } from './client.ts';
import { migrate } from './migrate.ts';

const { url, drop } = await createTestDatabase();
after(drop);

function open(t: TestContext, options: Partial<DatabaseClientOptions> = {}) {
  const client = createDatabaseClient({ url, ...options });
  t.after(() => client.close());
  return client;
}

const setups = [
  ['session mode', 'pool_mode = session'],
  ['transaction mode', 'pool_mode = transaction'],
  [
    'transaction mode that takes any startup parameter',
    'pool_mode = transaction',
    'ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout',
  ],
] as const;

for (const [mode, ...settings] of setups) {
  test(`through PgBouncer in ${mode}`, { skip: withoutPgbouncer }, async (t) => {
    // Two sessions for ten connections: in transaction mode each statement may get another one.
    const sessions = mode === 'session mode' ? 20 : 2;
    const pooledUrl = await startPgbouncer(url, ...settings, `default_pool_size = ${sessions}`);
    const server = open(t, { deadlineMs: 5000, transactionDeadlineMs: 10_000 });

    await t.test('statements and transactions at once, each with its own values', async (t) => {
      const { sql, transaction } = open(t, {
        url: pooledUrl,
        deadlineMs: 5000,
        transactionDeadlineMs: 10_000,
      });
      const words = ['with "quotes"', '{braces}'];
      const bytes = new Uint8Array([0, 255]);
      const read = async (number: number) =>
        sql<{ number: number; words: readonly string[]; bytes: Uint8Array }>`
          select ${number}::integer as number, ${words}::text[] as words, ${bytes}::bytea as bytes, pg_sleep(0.001)::text`;
      const add = (id: string) =>
        transaction(async (inside) => {
          await inside`insert into organizations (id, name, slug) values (${id}, 'Pooled', ${id})`;
          return inside<{ id: string }>`select id from organizations where id = ${id}`;
        });
      const answers = await Promise.all(
        Array.from({ length: 50 }, async (_, number) => {
          const id = randomUUID();
          const [[row], [added]] = await Promise.all([read(number), add(id)]);
          return (
            row?.number === number && row.words[1] === '{braces}' && row.bytes[1] === 255 && added?.id === id
          );
        }),
      );
      assert.deepEqual(answers, Array(50).fill(true));
    });

    await t.test('what a lock refuses is not done later', async (t) => {
      const { sql } = open(t, { url: pooledUrl, deadlineMs: 500 });
      const id = randomUUID();
      await sql`select 1`;
      await server.transaction(async (inside) => {
        await inside`lock table organizations`;
        await assert.rejects(sql`insert into organizations (id, name, slug) values (${id}, 'Late', ${id})`);
      });
      // Whoever still waited for the lock would have written by the time that this one has it.
      await server.transaction((inside) => inside`lock table organizations in access exclusive mode`);
      assert.deepEqual(await server.sql`select from organizations where id = ${id}`, []);
    });

    await t.test('the server ends a statement, and an idle transaction, in time', async (t) => {
      const client = open(t, { url: pooledUrl, deadlineMs: 800, transactionDeadlineMs: 2000 });
      const limits = [{ statement: '700ms', idle: '2s' }];
      const show = (sql: typeof client.sql) => sql`
        select current_setting('statement_timeout') as statement,
          current_setting('idle_in_transaction_session_timeout') as idle`;
      assert.deepEqual(await show(client.sql), limits);
      assert.deepEqual(await client.transaction(show), limits);
    });

    await t.test('nothing that we set or prepare stays with the sessions of others', async (t) => {
      const client = open(t, { url: pooledUrl });
      await Promise.all(
        Array.from({ length: 10 }, (_, nth) => client.sql`select ${nth}::integer, pg_sleep(0.01)`),
      );
      await client.close();
      const other = postgres(pooledUrl, { max: 1, fetch_types: false });
      t.after(() => other.end());
      const [session] = await other.unsafe(`
        select current_setting('search_path') as path, current_setting('statement_timeout') as timeout,
          (select count(*)::integer from pg_prepared_statements) as prepared`);
      assert.deepEqual(session, { path: '"$user", public', timeout: '0', prepared: 0 });
    });

    await t.test('migrations', async () => {
      assert.deepEqual(await migrate(pooledUrl, new URL('migrations/', import.meta.url)), []);
    });
  });
}
