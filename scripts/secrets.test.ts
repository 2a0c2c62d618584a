import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Sql } from '../db/sql.ts';
import { createKeyring, type Keyring } from '../lib/core/keyring.ts';
import { seal, toSealId } from '../lib/core/sealing.ts';
import { decryptEmail, encryptEmail } from '../lib/mail/encryption.ts';
import { resealEmails } from '../lib/mail/sealed-emails.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { eventDetails, openOutbox } from '../test/support/outbox-database.ts';
import { createTestDatabase } from '../test/support/database.ts';

const [first, second, third] = [1, 2, 3].map(
  (nth) => `the secret number ${nth} of this test that is long enough`,
) as [string, string, string];
const fromTheStart = '00000000-0000-0000-0000-000000000000';

function secrets(
  databaseUrl: string,
  variables: Readonly<Record<string, string>>,
  ...args: readonly string[]
) {
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, ...variables };
  return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/secrets.ts', ...args], {
    encoding: 'utf8',
    env,
  });
}

type Outbox = Awaited<ReturnType<typeof openOutbox>>;

async function write({ sql }: Outbox, keyring: Keyring, count = 1): Promise<void> {
  for (let nth = 0; nth < count; nth++) {
    const { id, payload } = encryptEmail('password-changed', eventDetails, keyring);
    await sql`
      insert into outbox (id, recipient, letter, sealed) values (${id}, 'a@example.com', 'password-changed', ${payload})`;
  }
}

/** How many are sealed under each, and whether all open. */
async function read(outbox: Outbox, keyring: Keyring) {
  const counts: Record<string, number> = {};
  for (const { id, sealed } of await outbox.rows()) {
    const payload = sealed ?? new Uint8Array();
    assert.deepEqual(decryptEmail({ id, payload }, keyring), eventDetails);
    const sealId = toSealId(payload) ?? 'none';
    counts[sealId] = (counts[sealId] ?? 0) + 1;
  }
  return counts;
}

test('secrets reseal seals all that waits under the newest secret, batch after batch, and has nothing to do then', async () => {
  const outbox = await openOutbox();
  await write(outbox, createKeyring([first]), 120);
  await write(outbox, createKeyring([second]), 3);
  const folder = await makeTemporaryFolder();
  const file = join(folder, 'token_secret');
  writeFileSync(file, `${second}\n${first}\n`);
  const keyring = createKeyring([second, first]);
  const { id: newest } = keyring.newest;
  const run = () => secrets(outbox.url, { TOKEN_SECRET_FILE: file }, 'reseal');
  const done = run();
  assert.deepEqual(
    [done.status, done.stdout, done.stderr],
    [0, `120 emails sealed anew under the newest secret (${newest})\n`, ''],
  );
  assert.deepEqual(await read(outbox, createKeyring([second])), { [newest]: 123 });
  assert.equal(run().stdout, `0 emails sealed anew under the newest secret (${newest})\n`);
});

test('secrets reseal leaves what no secret opens as it is, names its secret, and says so by its exit code', async () => {
  const outbox = await openOutbox();
  await write(outbox, createKeyring([third]), 2);
  await write(outbox, createKeyring([first]));
  const before = (await outbox.rows()).map(({ sealed }) => sealed);
  const { id: newest } = createKeyring([second]).newest;
  const { status, stdout } = secrets(outbox.url, { TOKEN_SECRET: `${second},${first}` }, 'reseal');
  const { id: gone } = createKeyring([third]).newest;
  assert.equal(
    stdout,
    `1 email sealed anew under the newest secret (${newest})
2 emails left as they were: sealed under a secret that is not in TOKEN_SECRET (${gone})
`,
  );
  assert.equal(status, 3);
  assert.deepEqual((await outbox.rows()).map(({ sealed }) => sealed).slice(0, 2), before.slice(0, 2));
});

test('an email that was sent or sealed anew while it was resealed stays as it became', async () => {
  const outbox = await openOutbox();
  await write(outbox, createKeyring([first]), 3);
  const keyring = createKeyring([second, first]);
  // In the order that they are sealed anew in, which is not of writing: ids of one millisecond are in none.
  const [sent, another, last] = (await outbox.rows()).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  assert.ok(sent && another && last);
  const other = seal(keyring, { table: 'outbox', id: another.id }, JSON.stringify(eventDetails));
  let reads = 0;
  // Between the reading of a batch and the writing of its first row.
  const meanwhile: Sql = async <Row extends object>(...statement: Parameters<Sql>) => {
    const rows = await outbox.sql<Row>(...statement);
    if (reads++ === 0) {
      await outbox.sql`update outbox set sealed = null, sent_at = now() where id = ${sent.id}`;
      await outbox.sql`update outbox set sealed = ${other} where id = ${another.id}`;
    }
    return rows;
  };
  assert.deepEqual(await resealEmails(meanwhile, keyring, fromTheStart), {
    resealed: 1,
    unopened: [],
    last: last.id,
  });
  const rows = new Map((await outbox.rows()).map(({ id, sealed }) => [id, sealed]));
  assert.equal(rows.get(sent.id), null);
  assert.deepEqual(Buffer.from(rows.get(another.id) ?? []), Buffer.from(other));
  assert.equal(await resealEmails(outbox.sql, keyring, last.id), undefined);
});

test('secrets names what is wrong with its arguments, with TOKEN_SECRET, and a database that is away', async () => {
  const { url, drop } = await createTestDatabase();
  for (const args of [[], ['rotate'], ['reseal', 'more']]) {
    const { status, stdout, stderr } = secrets(url, { TOKEN_SECRET: first }, ...args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, /^.*(?:reseal|rotate|more).*\n\nUsage: npm run -s secrets/);
  }
  for (const [variables, fault] of [
    [{}, 'secrets: TOKEN_SECRET: required, as the routers have it\n'],
    [
      { TOKEN_SECRET: `${first},short` },
      'secrets: TOKEN_SECRET: secret 2 of 2 must have at least 32 characters\n',
    ],
  ] as const) {
    const { status, stderr } = secrets(url, variables, 'reseal');
    assert.deepEqual([status, stderr], [78, fault]);
  }
  const away = secrets('postgres://127.0.0.1:1/nowhere', { TOKEN_SECRET: first }, 'reseal');
  assert.equal(away.status, 1);
  assert.match(away.stderr, /^secrets: DATABASE_URL: .*ECONNREFUSED/);
  await drop();
});
