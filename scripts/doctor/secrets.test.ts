import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyring } from '../../lib/core/keyring.ts';
import { encryptEmail } from '../../lib/mail/encryption.ts';
import { eventDetails, openOutbox } from '../../test/support/outbox-database.ts';
import { examineSecrets } from './secrets.ts';

const [newer, old, gone] = ['newer', 'older', 'last'].map(
  (age) => `a secret of this test that is ${age} than some`,
) as [string, string, string];
const idOf = (secret: string) => createKeyring([secret]).newest.id;

test('what is sealed is counted by its secret, and says which secret may go', async () => {
  const { sql, url } = await openOutbox();
  const seal = async (secret: string) => {
    const { id, payload } = encryptEmail('password-changed', eventDetails, createKeyring([secret]));
    await sql`
      insert into outbox (id, recipient, letter, sealed) values (${id}, 'a@example.com', 'password-changed', ${payload})`;
  };
  const ask = async () =>
    (await examineSecrets(url, [newer, old])).map(({ status, said }) => `${status} ${said}`);
  await seal(newer);
  assert.deepEqual(await ask(), [
    `ok secret 1 of 2 (${idOf(newer)}) seals; emails under it: 1`,
    `ok secret 2 of 2 (${idOf(old)}): nothing is sealed under it`,
    'ok nobody is signed in; a session whose token is older than the rotation ends with the secret',
  ]);
  for (const secret of [old, old, gone]) await seal(secret);
  await sql`
    insert into outbox (id, recipient, letter, sealed)
    values (gen_random_uuid(), 'a@example.com', 'password-changed', ${Buffer.alloc(40)})`;
  const [, second, , ...foreign] = await ask();
  assert.deepEqual(
    [second, ...foreign],
    [
      `warn secret 2 of 2 (${idOf(old)}): emails still under it: 2`,
      `fail emails under ${idOf(gone)}, which is not in TOKEN_SECRET: 1`,
      'warn emails of a release without key ids: 1',
    ],
  );
});

test('what can not be counted is told of, and what is away is left to the line of the database', async () => {
  const { sql, url } = await openOutbox();
  await sql`drop table outbox`;
  const [finding] = await examineSecrets(url, [newer]);
  assert.equal(finding?.status, 'fail');
  assert.match(finding.said, /^not counted: .*outbox/);
  assert.deepEqual(await examineSecrets('postgres://127.0.0.1:9/nowhere', [newer]), []);
});

test('one secret alone has nothing to be told of but that it seals', async () => {
  const { url } = await openOutbox();
  assert.deepEqual(
    (await examineSecrets(url, [newer])).map(({ said }) => said),
    [`secret 1 of 1 (${idOf(newer)}) seals; emails under it: 0`],
  );
});
