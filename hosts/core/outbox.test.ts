import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDatabaseClient } from '../../db/client.ts';
import { parseEnvironment } from '../../lib/core/env.ts';
import { text } from '../../lib/core/variables.ts';
import { createLog } from '../../lib/core/log.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { createOutbox } from './outbox.ts';
import { createKeyring } from '../../lib/core/keyring.ts';

test('where no process lives on, who asks for deliveries has the tables swept too, with or without a mail provider', async (t) => {
  const { url, drop } = await createTestDatabase();
  const database = createDatabaseClient({ url });
  t.after(async () => {
    await database.close();
    await drop();
  });
  for (const variables of [{}, { RESEND_API_KEY: 're_test', MAIL_FROM: 'no-reply@example.com' }]) {
    await database.sql`
      insert into outbox (id, recipient, letter, sent_at)
      select gen_random_uuid(), 'reader@example.com', 'password-changed', now() - days * interval '1 day'
      from unnest('{6,8}'::int[]) as days`;
    const environment = parseEnvironment(variables, { readFile: () => '', databaseUrl: text });
    const bindOutbox = createOutbox(environment, {
      database,
      keyring: createKeyring(['a secret of this test that is long enough for all']),
      publicUrl: 'https://api.example.com',
      log: createLog({ write: () => undefined }),
    });
    const delivery = await bindOutbox(() => undefined).deliver();
    assert.deepEqual(delivery, { sent: 0, failed: 0, dead: 0 });
    assert.equal((await database.sql`select from outbox`).length, 1);
    await database.sql`delete from outbox`;
  }
});
