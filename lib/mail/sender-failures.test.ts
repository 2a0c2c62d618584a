import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventDetails, openOutbox, scripted } from '../../test/support/outbox-database.ts';
import { createKeyring } from '../core/keyring.ts';
import { encryptEmail } from './encryption.ts';

test('sender: what Resend refuses for good is dead at once: told in the log, erased, and no obstacle to the next', async () => {
  const outbox = await openOutbox();
  const id = await outbox.write('ada@example.com', 'sign-in');
  await outbox.write('ada@example.com');
  const sender = outbox.start(
    scripted({ outcome: 'refused', reason: '422 validation_error' }, { outcome: 'accepted' }),
  );
  assert.deepEqual(await sender.deliver(), { sent: 1, failed: 0, dead: 1 });
  const [dead, next] = await outbox.rows();
  assert.ok(dead?.deadAt && !dead.sentAt && next?.sentAt);
  assert.deepEqual([dead.sealed, dead.lastError, dead.attempts], [null, '422 validation_error', 1]);
  const errors = outbox.lines.filter((line) => line.includes('"level":"error"'));
  assert.equal(errors.length, 1);
  const { template, email_id, reason } = JSON.parse(errors[0] ?? '') as Record<string, string>;
  assert.deepEqual([template, email_id, reason], ['sign-in', id, '422 validation_error']);
  assert.doesNotMatch(outbox.lines.join(), /ada@|TTTT|123456/);
});

test('sender: a failure waits within a bound that doubles up to the longest, and never less than Retry-After', async () => {
  const outbox = await openOutbox();
  await outbox.write('ada@example.com');
  const sender = outbox.start(scripted({ outcome: 'later', reason: '500' }), {
    backoff: { firstMs: 1000, longestMs: 60_000 },
  });
  // A wait that was drawn short is over before the sender looks again: one delivery may then be several attempts.
  let delivered = 0;
  while (delivered < 10) {
    delivered += (await sender.deliver()).failed;
    await outbox.sql`update outbox set next_attempt_at = now()`;
  }
  const waits = outbox.lines.map((line) => JSON.parse(line) as { attempts: number; next_attempt_ms: number });
  assert.equal(waits.length, delivered);
  for (const [index, { attempts, next_attempt_ms }] of waits.entries()) {
    assert.equal(attempts, index + 1);
    assert.ok(next_attempt_ms >= 0 && next_attempt_ms <= Math.min(60_000, 1000 * 2 ** index));
  }
  const distinct = new Set(waits.map(({ next_attempt_ms }) => next_attempt_ms));
  assert.ok(distinct.size > 5, `no jitter: ${[...distinct].join(' ')}`);
  const obedient = outbox.start(scripted({ outcome: 'later', reason: '503', retryAfterMs: 120_000 }));
  await obedient.deliver();
  const { next_attempt_ms } = JSON.parse(outbox.lines.at(-1) ?? '') as { next_attempt_ms: number };
  assert.equal(next_attempt_ms, 120_000);
  const [row] = await outbox.rows();
  assert.equal(row?.lastError, '503');
  assert.ok(row.sealed, 'it still has to be sent');
});

test('sender: being throttled stops every email of this sender until the provider is ready', async () => {
  const outbox = await openOutbox();
  for (const name of ['ada', 'bob', 'cyd']) await outbox.write(`${name}@example.com`);
  const transport = scripted(
    { outcome: 'later', reason: '429', retryAfterMs: 60_000, throttled: true },
    { outcome: 'accepted' },
  );
  const sender = outbox.start(transport, { concurrency: 1 });
  assert.deepEqual(await sender.deliver(), { sent: 0, failed: 1, dead: 0 });
  sender.wake();
  assert.deepEqual(await sender.deliver(), { sent: 0, failed: 0, dead: 0 });
  assert.equal(transport.sent.length, 1);
});

const endings: readonly (readonly [what: string, column: 'created_at' | 'useful_until', interval: string])[] =
  [
    ['a day after it was written', 'created_at', '-24 hours -1 second'],
    ['once nobody can use its link', 'useful_until', '-1 second'],
  ];

for (const [what, column, interval] of endings) {
  test(`sender: an email is given up ${what}, and the next of its mailbox goes`, async () => {
    const outbox = await openOutbox();
    const id = await outbox.write('ada@example.com', 'sign-in');
    const next = await outbox.write('ada@example.com');
    if (column === 'created_at') {
      await outbox.sql`update outbox set created_at = now() + ${interval}::interval where id = ${id}`;
    } else {
      await outbox.sql`update outbox set useful_until = now() + ${interval}::interval where id = ${id}`;
    }
    const transport = scripted();
    assert.deepEqual(await outbox.start(transport).deliver(), { sent: 1, failed: 0, dead: 1 });
    assert.deepEqual(transport.sent, [next]);
    const [dead] = await outbox.rows();
    assert.ok(dead?.deadAt);
    assert.deepEqual([dead.sealed, dead.lastError], [null, 'too late']);
    assert.match(outbox.lines.join('\n'), /"level":"error","message":"email given up"/);
  });
}

test('sender: an email whose next try would come too late is given up now', async () => {
  const outbox = await openOutbox();
  await outbox.write('ada@example.com', 'sign-in');
  await outbox.sql`update outbox set useful_until = now() + interval '1 minute'`;
  const sender = outbox.start(scripted({ outcome: 'later', reason: '429', retryAfterMs: 61_000 }));
  assert.deepEqual(await sender.deliver(), { sent: 0, failed: 0, dead: 1 });
});

test('sender: an email whose contents were taken from another row is dead, and is sent to nobody', async () => {
  const outbox = await openOutbox();
  for (const name of ['ada', 'eve']) await outbox.write(`${name}@example.com`, 'sign-in');
  await outbox.sql`
    update outbox set sealed = other.sealed from outbox as other where other.id <> outbox.id`;
  const transport = scripted();
  assert.deepEqual(await outbox.start(transport).deliver(), { sent: 0, failed: 0, dead: 2 });
  assert.deepEqual(transport.sent, []);
  const rows = await outbox.rows();
  assert.deepEqual(
    rows.map(({ lastError }) => lastError),
    ['not what was sealed for this row', 'not what was sealed for this row'],
  );
});

test('sender: an email encrypted under another secret is dead; one that a newer release wrote waits for it', async () => {
  const outbox = await openOutbox();
  const gone = 'the secret that was there before it';
  const { id, payload } = encryptEmail('password-changed', eventDetails, createKeyring([gone]));
  await outbox.sql`insert into outbox (id, recipient, letter, sealed) values (${id}, 'a@example.com', 'password-changed', ${payload})`;
  const newer = await outbox.write('b@example.com');
  // As its migration would have, before it.
  await outbox.sql`alter table outbox drop constraint outbox_letter_known`;
  await outbox.sql`update outbox set letter = 'of-next-year' where id = ${newer}`;
  const patient = { backoff: { firstMs: 600_000, longestMs: 600_000 } };
  assert.deepEqual(await outbox.start(scripted(), patient).deliver(), { sent: 0, failed: 1, dead: 1 });
  const rows = await outbox.rows();
  assert.deepEqual(
    rows.map(({ lastError, sealed: kept }) => [lastError, kept === null]),
    [
      [`sealed under a secret that is not in TOKEN_SECRET (${createKeyring([gone]).newest.id})`, true],
      ['TypeError', false],
    ],
  );
});
