/** The database client. Long because each of its promises is kept on one Postgres, whose start is what costs time. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createTestDatabase } from '../test/support/database.ts';
import { holdUp } from '../test/support/hold-up.ts';
import { startTcpRelay } from '../test/support/tcp-relay.ts';
import { withDeadline } from './deadline.ts';
import { createDatabaseClient, type DatabaseClientOptions } from './client.ts';
import { Outage } from './outage.ts';
import type { Sql } from './sql.ts';

const { url, drop } = await createTestDatabase();
after(drop);

function open(t: TestContext, options: Partial<DatabaseClientOptions> = {}) {
  const client = createDatabaseClient({ url, ...options });
  t.after(() => client.close());
  return client;
}

function isUnavailable(error: unknown): boolean {
  assert.ok(error instanceof Outage, String(error));
  return true;
}

test('rows have their column names in camelCase', async (t) => {
  const { sql } = open(t);
  assert.deepEqual(await sql`select 1 as user_id, 'x' as "name"`, [{ userId: 1, name: 'x' }]);
});

test('every kind of value arrives as what it was', async (t) => {
  const { sql } = open(t);
  const at = new Date('2026-11-23T10:11:12.345Z');
  const bytes = new Uint8Array([0, 1, 254, 255]);
  const words = ['plain', 'with "quotes", {braces}, commas and \\', '', 'NULL', 'two\nlines'];
  const [row] = await sql<{ bytes: Uint8Array }>`
    select ${'text'}::text as text, ${7}::integer as whole, ${1.5}::double precision as fraction, ${true}::boolean as yes,
      ${at}::timestamptz as at, ${bytes}::bytea as bytes, ${null}::text as nothing, ${words}::text[] as words,
      ${[]}::text[] as empty, ${['a2f1a6f5-6a5c-4a3a-9a3e-0d6c8a4c1b11']}::uuid[] as ids`;
  assert.ok(row);
  assert.deepEqual(
    { ...row, bytes: Uint8Array.from(row.bytes) },
    {
      text: 'text',
      whole: 7,
      fraction: 1.5,
      yes: true,
      at,
      bytes,
      nothing: null,
      words,
      empty: [],
      ids: ['a2f1a6f5-6a5c-4a3a-9a3e-0d6c8a4c1b11'],
    },
  );
});

test('an array is one in the first statement of a connection, and in statements at once on new ones', async (t) => {
  const { sql } = open(t, { max: 8 });
  const read = () => sql<{ amr: readonly string[] }>`select array['pwd', 'otp']::text[] as amr`;
  const rows = await Promise.all(Array.from({ length: 8 }, read));
  assert.deepEqual(rows.flat(), Array(8).fill({ amr: ['pwd', 'otp'] }));
});

test('JSON text becomes the JSON that it says, not a string of it', async (t) => {
  const { sql } = open(t);
  const parameters = { link: 'https://example.com/?a="b"' };
  assert.deepEqual(
    await sql`select parameters, jsonb_typeof(parameters) as kind
      from (select ${JSON.stringify(parameters)}::jsonb as parameters) as email`,
    [{ parameters, kind: 'object' }],
  );
});

test('a statement that comes again is a prepared one', async (t) => {
  const { sql } = open(t, { max: 1 });
  for (const number of [1, 2, 3]) await sql`select ${number}::integer as twice_is_prepared`;
  assert.deepEqual(
    await sql`select (generic_plans + custom_plans)::integer as runs from pg_prepared_statements
      where statement like '%twice_is_prepared'`,
    [{ runs: 3 }],
  );
});

test('after a change of the schema a statement that was prepared before it gets the values that it was given', async (t) => {
  const { sql } = open(t, { max: 1 });
  await sql`create table changing (id integer, role text)`;
  await sql`insert into changing values (1, 'owner')`;
  const at = new Date('2026-11-23T10:11:12.345Z');
  const bytes = new Uint8Array([0, 1, 254, 255]);
  const words = ['with "quotes"', '{braces}', 'and \\'];
  const ids = ['a2f1a6f5-6a5c-4a3a-9a3e-0d6c8a4c1b11'];
  const read = () =>
    sql<{ bytes: Uint8Array }>`
      select changing.*, ${true}::boolean as yes, ${bytes}::bytea as bytes, ${at}::timestamptz as at, ${7}::integer as whole,
        ${words}::text[] as words, ${ids}::uuid[] as ids, ${JSON.stringify({ a: '"' })}::jsonb as parameters
      from changing`;
  const before = await read();
  await sql`alter table changing alter column role type varchar(20)`;
  const after = await read();
  assert.deepEqual(after, before);
  assert.deepEqual(
    { ...after[0], bytes: Uint8Array.from(after[0]?.bytes ?? []) },
    { id: 1, role: 'owner', yes: true, bytes, at, whole: 7, words, ids, parameters: { a: '"' } },
  );
  await sql`drop table changing`;
});

test('after a change of the schema a transaction goes well, with statements that were prepared before it', async (t) => {
  const { sql, transaction } = open(t, { max: 1 });
  await sql`create table changing_too (id integer, role text)`;
  const add = (id: number) =>
    transaction(async (inside) => {
      await inside`insert into changing_too values (${id}, 'owner')`;
      return inside`select * from changing_too where id = ${id}`;
    });
  await add(1);
  await sql`alter table changing_too alter column role type varchar(20)`;
  assert.deepEqual(await add(2), [{ id: 2, role: 'owner' }]);
  assert.deepEqual(await sql`select id from changing_too order by id`, [{ id: 1 }, { id: 2 }]);
  await sql`drop table changing_too`;
});

test('a broken constraint passes through untouched, and the connection stays in use', async (t) => {
  const { sql, pool } = open(t, { max: 1 });
  const add = (id: string) => sql`insert into organizations (id, name, slug) values (${id}, 'Acme', ${id})`;
  const id = randomUUID();
  const [before] = await sql<{ pid: number }>`select pg_backend_pid() as pid`;
  await add(id);
  await assert.rejects(add(id), {
    name: 'PostgresError',
    code: '23505',
    constraint_name: 'organizations_pkey',
  });
  assert.deepEqual(await sql`select pg_backend_pid() as pid`, [before]);
  assert.deepEqual(pool(), { max: 1, busy: 0, idle: 1, waiting: 0 });
});

test('a value of no known kind is refused before it is sent, and the connection stays in use', async (t) => {
  const { sql, ping, pool } = open(t, { max: 1 });
  const { text } = JSON.parse('{}') as { readonly text: string };
  await assert.rejects(sql`select ${text}`, { code: 'UNDEFINED_VALUE' });
  await ping();
  assert.deepEqual(pool(), { max: 1, busy: 0, idle: 1, waiting: 0 });
});

test('50 calls at once share 10 connections, and close() ends these', async (t) => {
  const { sql, pool, close } = open(t, { deadlineMs: 5000 });
  const count = async () => {
    const watcher = open(t, { max: 1 });
    const [row] = await watcher.sql<{ count: number }>`select count(*)::integer as count from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    await watcher.close();
    return row?.count;
  };
  const pids = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const [row] = await sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.02)::text as slept`;
      return row?.pid;
    }),
  );
  assert.equal(pids.length, 50);
  assert.equal(new Set(pids).size, 10);
  assert.deepEqual(pool(), { max: 10, busy: 0, idle: 10, waiting: 0 });
  assert.equal(await count(), 10);
  await close();
  for (let left = await count(); left !== 0; left = await count()) assert.ok(left && left <= 10);
  await assert.rejects(sql`select 1`, isUnavailable);
});

test('close() lets the calls under way finish', async (t) => {
  const { sql, close } = open(t);
  const call = sql`select 1 as one, pg_sleep(0.1)::text as slept`;
  await Promise.all([assert.doesNotReject(call), close()]);
});

test('close() does not wait for a server that has gone without a word, and leaves it no socket', async (t) => {
  const relay = await startTcpRelay(url);
  const { sql, close } = open(t, { url: relay.url });
  await Promise.all(Array.from({ length: 3 }, () => sql`select pg_sleep(0.05)::text as slept`));
  const count = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const before = count();
  relay.freeze();
  await withDeadline(10_000, close());
  while (count() > before - 3) await setImmediate();
});

test('when every connection is taken for long, a call is refused and those at work go on', async (t) => {
  const { sql, pool } = open(t, { max: 1, deadlineMs: 1500, waitMs: 300 });
  const slow = sql`select 1 as one, pg_sleep(1)::text as slept`;
  await assert.rejects(sql`select 2`, isUnavailable);
  await slow;
  assert.deepEqual(pool(), { max: 1, busy: 0, idle: 1, waiting: 0 });
});

test('while others get their connections 200 calls at once wait for theirs, and a ping goes first', async (t) => {
  const { sql, ping, pool } = open(t);
  const answered: number[] = [];
  const calls = Array.from({ length: 200 }, async (_, nth) => {
    await sql`select ${nth}::integer, pg_sleep(0.1)::text as slept`;
    answered.push(nth);
  });
  while (pool().waiting < 190) await setImmediate();
  await ping();
  assert.ok(answered.length < 100, `${answered.length} were answered before it`);
  await Promise.all(calls);
});

/** A role that Postgres gives so many connections, and the address with it. */
async function createRole(t: TestContext, connections: number) {
  const owner = createDatabaseClient({ url });
  const name = `few_${randomUUID().replaceAll('-', '')}`;
  const run = (statement: string) => owner.sql(Object.assign([statement], { raw: [statement] }));
  await run(`create role ${name} login password 'few' connection limit ${connections}`);
  t.after(async () => {
    await run(`drop role ${name}`);
    await owner.close();
  });
  const address = new URL(url);
  address.username = name;
  address.password = 'few';
  return { url: address.href, allow: (limit: number) => run(`alter role ${name} connection limit ${limit}`) };
}

async function countSessions({ sql }: ReturnType<typeof open>) {
  const pids = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const [row] = await sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.02)::text as slept`;
      return row?.pid;
    }),
  );
  return new Set(pids).size;
}

test('a server that takes fewer connections than the pool may have serves all calls by those, and by more once it takes more', async (t) => {
  const { url, allow } = await createRole(t, 4);
  const told: Readonly<Record<string, string>>[] = [];
  const log = {
    warn: (message: string, fields: Readonly<Record<string, string>>) =>
      void told.push({ message, ...fields }),
  };
  const client = open(t, { url, log });
  assert.equal(await countSessions(client), 4);
  assert.deepEqual(client.pool(), { max: 10, busy: 0, idle: 4, waiting: 0 });
  const [first] = told;
  assert.deepEqual(
    { message: first?.['message'], code: first?.['code'] },
    { message: 'postgres takes no more connections', code: '53300' },
  );
  assert.match(first?.['cause'] ?? '', /too many connections for role/);
  await allow(10);
  while ((await countSessions(client)) < 10);
});

test('a server that takes no connection at all refuses every call at once, those who wait among them', async (t) => {
  const { url } = await createRole(t, 0);
  const { sql, pool } = open(t, { url });
  const start = performance.now();
  for (const outcome of await Promise.allSettled(Array.from({ length: 50 }, () => sql`select 1`))) {
    assert.ok(outcome.status === 'rejected');
    assert.ok(isUnavailable(outcome.reason));
    assert.equal((outcome.reason as Outage).code, '53300');
  }
  assert.ok(performance.now() - start < 5000);
  assert.deepEqual(pool(), { max: 10, busy: 0, idle: 0, waiting: 0 });
});

test('calls that a lock keeps for longer than the limit of one statement are tried again, and done once each', async (t) => {
  const { sql, transaction } = open(t, { max: 2, deadlineMs: 500 });
  const holder = open(t, { max: 1, deadlineMs: 5000, transactionDeadlineMs: 10_000 });
  const id = randomUUID();
  await sql`insert into organizations (id, name, slug) values (${id}, 'x', ${id})`;
  let calls: readonly Promise<unknown>[] = [];
  await holder.transaction(async (inside) => {
    await inside`lock table organizations in access exclusive mode`;
    const append = (sql: Sql) => sql`update organizations set name = name || 'x' where id = ${id}`;
    calls = [append(sql), transaction(append)];
    await inside`select pg_sleep(0.6)`;
  });
  await Promise.all(calls);
  assert.deepEqual(await sql`select name from organizations where id = ${id}`, [{ name: 'xxx' }]);
});

test('of two transactions in a deadlock both are done, once each', async (t) => {
  const database = await openDeadlockFinding();
  const { sql, transaction } = open(t, { url: database.url });
  t.after(database.drop);
  const ids = [randomUUID(), randomUUID()];
  for (const id of ids) await sql`insert into organizations (id, name, slug) values (${id}, 'x', ${id})`;
  const append = (sql: Sql, id = '') => sql`update organizations set name = name || 'x' where id = ${id}`;
  let begun = 0;
  let meet: () => void = () => undefined;
  const met = new Promise<void>((resolve) => (meet = resolve));
  const appendBoth = ([first, second]: readonly string[]) =>
    transaction(async (inside) => {
      await append(inside, first);
      if (++begun === 2) meet();
      await met;
      await append(inside, second);
    });
  await Promise.all([appendBoth(ids), appendBoth(ids.toReversed())]);
  assert.equal(begun, 3);
  const rows = await sql`select name from organizations where id = any(${ids}::uuid[])`;
  assert.deepEqual(rows, [{ name: 'xxx' }, { name: 'xxx' }]);
});

/** A database that looks for deadlocks long before a statement's limit; Postgres itself does after a second. */
async function openDeadlockFinding() {
  const database = await createTestDatabase();
  const owner = createDatabaseClient({ url: database.url });
  const name = new URL(database.url).pathname.slice(1);
  const text = `alter database ${name} set deadlock_timeout = '20ms'`;
  await owner.sql(Object.assign([text], { raw: [text] }));
  await owner.close();
  return database;
}

test('a transaction that another one came before is done anew on what that left', async (t) => {
  const { sql, transaction } = open(t);
  const id = randomUUID();
  await sql`insert into organizations (id, name, slug) values (${id}, 'x', ${id})`;
  const append = (sql: Sql, text: string) =>
    sql`update organizations set name = name || ${text}::text where id = ${id}`;
  let runs = 0;
  await transaction(async (inside) => {
    await inside`set transaction isolation level repeatable read`;
    await inside`select name from organizations where id = ${id}`;
    if (++runs === 1) await append(sql, 'y');
    await append(inside, 'z');
  });
  assert.equal(runs, 2);
  assert.deepEqual(await sql`select name from organizations where id = ${id}`, [{ name: 'xyz' }]);
});

test('a transaction that the server undoes each time is refused after three, and its connection stays in use', async (t) => {
  const { transaction, pool } = open(t, { max: 1 });
  let runs = 0;
  const conflict = transaction(async (inside) => {
    runs += 1;
    await inside`do $$ begin raise exception 'a conflict' using errcode = '40001'; end $$`;
  });
  await assert.rejects(conflict, isUnavailable);
  assert.equal(runs, 3);
  assert.deepEqual(pool(), { max: 1, busy: 0, idle: 1, waiting: 0 });
});

test('when pooled connections have died without a word, reads and transactions go on and one write is refused', async (t) => {
  const relay = await startTcpRelay(url);
  const { sql, transaction, pool } = open(t, { url: relay.url });
  const id = randomUUID();
  const warmUp = () =>
    Promise.all(Array.from({ length: 10 }, () => sql`select pg_sleep(0.02)::text as slept`));
  const write = (sql: Sql) =>
    sql`insert into organizations (id, name, slug) values (${randomUUID()}, 'Acme', ${randomUUID()})`;

  await warmUp();
  assert.equal(pool().idle, 10);
  relay.forget();
  for (let nth = 0; nth < 14; nth++) assert.deepEqual(await sql`select ${nth}::integer as nth`, [{ nth }]);

  await warmUp();
  relay.forget();
  await Promise.all(Array.from({ length: 14 }, () => sql`select 1 as one`));

  await warmUp();
  relay.forget();
  await transaction(write);

  await warmUp();
  relay.forget();
  await assert.rejects(write(sql), isUnavailable);
  for (let nth = 0; nth < 13; nth++) await write(sql);
  await assert.rejects(
    transaction(async (inside) => {
      await inside`insert into organizations (id, name, slug) values (${id}, 'Acme', ${id})`;
      relay.forget();
      await inside`select 1`;
    }),
    isUnavailable,
  );
  assert.deepEqual(await sql`select from organizations where id = ${id}`, []);
});

test('an outage says whether what it cut off may have been done: a write by itself, and a transaction at its COMMIT', async (t) => {
  const relay = await startTcpRelay(url);
  const { sql, transaction } = open(t, { url: relay.url });
  const write = (sql: Sql) =>
    sql`insert into organizations (id, name, slug) values (${randomUUID()}, 'Acme', ${randomUUID()})`;
  const mayBeDone = (work: Promise<unknown>) =>
    work.then(
      () => assert.fail('nothing was cut off'),
      (error: unknown) => error instanceof Outage && error.mayBeDone,
    );
  const lose = async (sql: Sql) => {
    await write(sql);
    relay.forget();
  };

  assert.equal(await mayBeDone(transaction(lose)), true, 'the COMMIT is lost');
  const loseWrite = async (sql: Sql) => {
    await lose(sql);
    await write(sql);
  };
  assert.equal(await mayBeDone(transaction(loseWrite)), false, 'a statement before it is');
  await sql`select 1 as one`;
  relay.forget();
  assert.equal(await mayBeDone(write(sql)), true, 'a statement by itself is');
  await relay.cut();
  assert.equal(await mayBeDone(write(sql)), false, 'there is no connection');
  assert.equal(await mayBeDone(transaction(write)), false, 'there is none for a transaction');
});

test('a process that is held up for longer than the deadline gets its connections, and its transactions through', async (t) => {
  const { sql, transaction } = open(t, { max: 2, deadlineMs: 200, transactionDeadlineMs: 800 });
  let answered = false;
  const calls = Promise.all([
    sql`select 1 as one`,
    transaction(async (inside) => [...(await inside`select 1 as one`), ...(await inside`select 2 as two`)]),
  ]).finally(() => (answered = true));
  calls.catch(() => undefined);
  while (!answered) {
    holdUp(250);
    await setImmediate();
  }
  assert.deepEqual(await calls, [[{ one: 1 }], [{ one: 1 }, { two: 2 }]]);
});

test('a statement past its deadline is refused, and the server ends it too', async (t) => {
  const { sql } = open(t, { deadlineMs: 400 });
  await assert.rejects(sql`select pg_sleep(60)`, isUnavailable);
  const active = () =>
    sql`select from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)'`;
  while ((await active()).length > 0);
});

test('a transaction keeps all of its work, or nothing when the work throws', async (t) => {
  const { sql, transaction, pool } = open(t, { max: 1 });
  const id = randomUUID();
  const find = () => sql`select name from organizations where id = ${id}`;
  const answer = await transaction(async (sql) => {
    await sql`insert into organizations (id, name, slug) values (${id}, 'First', ${id})`;
    return 'answer';
  });
  assert.equal(answer, 'answer');
  const mistake = new Error('changed my mind');
  await assert.rejects(
    transaction(async (sql) => {
      await sql`update organizations set name = 'Second' where id = ${id}`;
      throw mistake;
    }),
    mistake,
  );
  assert.deepEqual(await find(), [{ name: 'First' }]);
  assert.deepEqual(pool(), { max: 1, busy: 0, idle: 1, waiting: 0 });
});

test('a transaction whose work swallows a failed statement fails, instead of pretending', async (t) => {
  const { sql, transaction } = open(t);
  const id = randomUUID();
  await assert.rejects(
    transaction(async (sql) => {
      await sql`insert into organizations (id, name, slug) values (${id}, 'First', ${id})`;
      await sql`select * from nowhere`.catch(() => undefined);
    }),
    { code: '42P01' },
  );
  assert.deepEqual(await sql`select from organizations where id = ${id}`, []);
});

test('a statement that the work of a transaction does not await is part of it', async (t) => {
  const { sql, transaction } = open(t);
  const [first, second] = [randomUUID(), randomUUID()];
  await transaction(async (inside) => {
    await inside`insert into organizations (id, name, slug) values (${first}, 'First', ${first})`;
    void inside`insert into organizations (id, name, slug) values (${second}, 'Second', ${second})`;
  });
  const [found] = await sql<{ rows: number; transactions: number }>`
    select count(*)::int as rows, count(distinct xmin::text)::int as transactions
    from organizations where id in (${first}, ${second})`;
  assert.deepEqual(found, { rows: 2, transactions: 1 });
});

test('a statement after the end of its transaction is a mistake', async (t) => {
  const { transaction } = open(t);
  const late = await transaction((sql) => Promise.resolve(sql));
  await assert.rejects(late`select 1`, /after the end of its transaction/);
});

test('a transaction that takes too long is refused and undone', async (t) => {
  const { sql, transaction, pool } = open(t, { transactionDeadlineMs: 300 });
  const id = randomUUID();
  await assert.rejects(
    transaction(async (sql) => {
      await sql`insert into organizations (id, name, slug) values (${id}, 'First', ${id})`;
      await sql`select pg_sleep(0.2)`;
      await sql`select pg_sleep(0.2)`;
    }),
    isUnavailable,
  );
  assert.deepEqual(await sql`select from organizations where id = ${id}`, []);
  assert.equal(pool().busy, 0);
});

test('a transaction that is held up between its statements has time left for the next one', async (t) => {
  const { transaction } = open(t, { deadlineMs: 400, transactionDeadlineMs: 800 });
  const answered = transaction(async (inside) => {
    for (let nth = 0; nth < 3; nth++) {
      await inside`select ${nth}::integer`;
      holdUp(300);
    }
    return inside`select pg_sleep(0.1)::text as slept`;
  });
  assert.deepEqual(await answered, [{ slept: '' }]);
});

test('a transaction that loses its connection does not go on upon another one', async (t) => {
  const { sql, transaction } = open(t);
  const id = randomUUID();
  await assert.rejects(
    transaction(async (inside) => {
      const [session] = await inside<{ pid: number }>`select pg_backend_pid() as pid`;
      assert.ok(session);
      await sql`select pg_terminate_backend(${session.pid}, 5000)`;
      await inside`insert into organizations (id, name, slug) values (${id}, 'Lost', ${id})`;
    }),
    isUnavailable,
  );
  assert.deepEqual(await sql`select from organizations where id = ${id}`, []);
});
