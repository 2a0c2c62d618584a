/** The router is killed while it registers people and sends their emails. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { createDatabaseClient } from '../db/client.ts';
import { createPrivateKey } from '../lib/security/jwt.ts';
import { expectJson } from './support/responses.ts';
import { createTestDatabase } from './support/database.ts';
import { fetch } from './support/documented.ts';
import { startFakeResend } from './support/fake-resend.ts';
import { startRouter } from './support/router-process.ts';

const cronSecret = 'a secret of the scheduler, long enough for all';

test('SIGKILL amid 200 registrations: accounts and emails match one to one, and each email arrives once', async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const database = createDatabaseClient({ url: databaseUrl });
  after(() => database.close());
  const resend = await startFakeResend();
  const environment = {
    PUBLIC_URL: 'https://api.example.com',
    DATABASE_URL: databaseUrl,
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
    TOKEN_SECRET: 'a secret of this test that is long enough for all',
    REQUIRE_EMAIL_VERIFICATION: 'true',
    TRUSTED_PROXY_HOPS: '1',
    RESEND_API_KEY: 're_test',
    RESEND_BASE_URL: resend.url,
    MAIL_FROM: 'Blockbot <no-reply@example.com>',
    CRON_SECRET: cronSecret,
  };
  const router = await startRouter(environment);
  const register = (nth: number) =>
    fetch(`${router.url}/v1/auth/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': `198.51.100.${nth}` },
      body: JSON.stringify({ email: `person-${nth}@example.com`, password: 'correct horse battery staple' }),
    }).then(
      ({ status }) => status,
      () => undefined,
    );
  // Some answers get lost together with the process, and one in three acceptances.
  resend.behave((nth) => (nth % 3 === 2 ? 'accept and drop' : 'accept'));
  const answers = Array.from({ length: 200 }, (_, nth) => register(nth));
  await resend.arrived(40);
  router.process.kill('SIGKILL');
  await once(router.process, 'exit');
  const accepted = (await Promise.all(answers)).filter((status) => status === 202).length;

  const pairs = await database.sql<{ email: string | null; recipient: string | null; sent: number }>`
    select users.email, outbox.recipient, count(*) over (partition by outbox.user_id)::int as sent
    from users full join outbox on outbox.user_id = users.id`;
  assert.ok(pairs.length >= Math.max(accepted, 40) && pairs.length < 200, `${pairs.length} accounts`);
  for (const { email, recipient, sent } of pairs) {
    assert.ok(email !== null && email === recipient && sent === 1, JSON.stringify({ email, recipient }));
  }

  // Time goes by until the leases of the one that was killed have run out, and what failed is due again.
  await database.sql`update outbox set next_attempt_at = now() where sent_at is null`;
  resend.behave(() => 'accept');
  const heir = await startRouter(environment);
  const headers = { Authorization: `Bearer ${cronSecret}` };
  await expectJson(await fetch(`${heir.url}/v1/outbox/deliver`, { method: 'POST', headers }), 200);
  const unsent = await database.sql`select id from outbox where sent_at is null or sealed is not null`;
  assert.deepEqual(unsent, []);
  assert.equal(await heir.stop(), 0);
  assert.deepEqual(resend.arrivals.map(({ to }) => to).sort(), pairs.map(({ email }) => email ?? '').sort());
  assert.doesNotMatch([...router.lines, ...heir.lines].join('\n'), /person-|battery|"level":"error"/);
});
