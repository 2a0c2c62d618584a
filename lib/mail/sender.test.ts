import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createDatabaseClient } from '../../db/client.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { type Behaviour, type FakeResend, startFakeResend } from '../../test/support/fake-resend.ts';
import { createLog } from '../core/log.ts';
import type { EmailTemplate } from './parameters.ts';
import { createResendTransport } from '../../hosts/node/mail/resend.ts';
import { encryptEmail } from './encryption.ts';
import { createSender, type SenderOptions } from './sender.ts';
import type { Transport, Verdict } from './transport.ts';

const tokenSecret = 'a secret of this test, long enough for all';
const eventDetails = { device: 'Firefox on Linux', at: '2026-11-23T12:00:00.000Z' };
const verification = { token: 'T'.repeat(43), code: '123456' };

/** A database of its own for each test, because a sender takes whatever waits there. */
async function openOutbox() {
  const { url, drop } = await createTestDatabase();
  const database = createDatabaseClient({ url, max: 20 });
  const { sql } = database;
  const stops: (() => Promise<void>)[] = [];
  after(async () => {
    for (const stop of stops) await stop();
    await database.close();
    await drop();
  });
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), level: 'debug' });

  return {
    sql,
    database,
    lines,
    start: (transport: Transport, options: Partial<SenderOptions> = {}) => {
      const sender = createSender({
        database,
        transport,
        tokenSecret,
        publicUrl: 'https://api.example.com',
        log,
        backoff: { firstMs: 4, longestMs: 40 },
        ...options,
      });
      stops.push(sender.stop);
      return sender;
    },
    /** Answers the row's id. */
    write: async (recipient: string, template: EmailTemplate = 'password-changed'): Promise<string> => {
      const carriesVerification = template === 'sign-in' || template === 'password-reset';
      const { id, payload } = carriesVerification
        ? encryptEmail(template, verification, tokenSecret)
        : encryptEmail('password-changed', eventDetails, tokenSecret);
      await sql`
        insert into outbox (id, recipient, letter, sealed) values (${id}, ${recipient}, ${template}, ${payload})`;
      return id;
    },
    rows: () => sql<Row>`select * from outbox order by created_at, id`,
  };
}

interface Row {
  readonly id: string;
  readonly recipient: string;
  readonly sealed: Uint8Array | null;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly sentAt: Date | null;
  readonly deadAt: Date | null;
  readonly lastError: string | null;
}

const toResend = ({ url: baseUrl }: FakeResend) =>
  createResendTransport({ apiKey: 're_test', from: 'no-reply@example.com', baseUrl, timeoutMs: 300 });

/** A transport that answers what it is told to, one verdict after the other and the last one for ever. */
function scripted(...verdicts: readonly Verdict[]): Transport & { readonly sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    send: ({ id }) => {
      sent.push(id);
      return Promise.resolve(verdicts[Math.min(sent.length, verdicts.length) - 1] ?? { outcome: 'accepted' });
    },
  };
}

function createSignal() {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}

/** Two hundred emails to 40 mailboxes, five each, those of one mailbox never side by side. */
async function writeTwoHundred(
  outbox: Awaited<ReturnType<typeof openOutbox>>,
): Promise<Map<string, string[]>> {
  const written = new Map<string, string[]>();
  for (let nth = 0; nth < 200; nth++) {
    const recipient = `reader-${nth % 40}@example.com`;
    const id = await outbox.write(recipient);
    written.set(recipient, [...(written.get(recipient) ?? []), id]);
  }
  return written;
}

function assertOnceAndInOrder(
  { arrivals }: FakeResend,
  written: ReadonlyMap<string, readonly string[]>,
): void {
  const arrived = new Map<string, string[]>();
  for (const { key, to } of arrivals) arrived.set(to, [...(arrived.get(to) ?? []), key]);
  assert.equal(arrivals.length, 200);
  for (const [recipient, ids] of written) assert.deepEqual(arrived.get(recipient), ids, recipient);
}

const tooMany = { statusCode: 429, name: 'rate_limit_exceeded', message: 'slow down' };
const turmoil: readonly Behaviour[] = [
  'accept',
  'fail',
  'accept and drop',
  'accept',
  'drop',
  { status: 429, body: tooMany, headers: { 'Retry-After': '1' } },
  'hang',
  'accept and drop',
  { status: 503, body: null },
  { status: 200, body: { error: 'a page of something in between' } },
  { status: 409, body: { statusCode: 409, name: 'concurrent_idempotent_requests', message: 'wait' } },
];

test('sender: whatever Resend goes through, each of 200 emails arrives once, in order for its mailbox', async () => {
  const outbox = await openOutbox();
  const resend = await startFakeResend();
  const written = await writeTwoHundred(outbox);
  // Three rounds of every mishap, then it has recovered.
  resend.behave((nth) => turmoil[nth < 33 ? nth % turmoil.length : 0] ?? 'accept');
  const sender = outbox.start(toResend(resend), { concurrency: 8, pollMs: 1000 });
  sender.wake();
  await resend.arrived(200);
  await sender.stop();
  assertOnceAndInOrder(resend, written);
  assert.ok(resend.requests() > 200, 'nothing was tried again');
  for (const { sentAt, deadAt, sealed, lastError } of await outbox.rows()) {
    assert.ok(sentAt);
    assert.deepEqual([deadAt, sealed, lastError], [null, null, null]);
  }
});

test('sender: four of them side by side send no email twice, and keep the order', async () => {
  const outbox = await openOutbox();
  const resend = await startFakeResend();
  const written = await writeTwoHundred(outbox);
  const senders = Array.from({ length: 4 }, () => outbox.start(toResend(resend)));
  const deliveries = await Promise.all(senders.map((sender) => sender.deliver()));
  // One may have ended while the others still held the first email of a mailbox.
  const rest = await outbox.start(toResend(resend)).deliver();
  assertOnceAndInOrder(resend, written);
  assert.equal(resend.requests(), 200);
  assert.equal(
    [...deliveries, rest].reduce((sum, { sent }) => sum + sent, 0),
    200,
  );
  assert.ok(deliveries.filter(({ sent }) => sent > 0).length > 1, 'one sender did it all');
});

test('sender: an email whose sender died is left alone while the lease runs, and goes afterwards', async () => {
  const outbox = await openOutbox();
  const id = await outbox.write('ada@example.com');
  const claimed = createSignal();
  const frozen = createSender({
    database: outbox.database,
    transport: {
      send: () => {
        claimed.give();
        return new Promise<never>(() => undefined);
      },
    },
    tokenSecret,
    publicUrl: 'https://api.example.com',
    log: createLog({ write: () => undefined }),
  });
  frozen.wake();
  await claimed.given;
  const transport = scripted();
  const heir = outbox.start(transport);
  assert.deepEqual(await heir.deliver(), { sent: 0, failed: 0, dead: 0 });
  await outbox.sql`update outbox set next_attempt_at = now() - interval '1 second'`;
  assert.deepEqual(await heir.deliver(), { sent: 1, failed: 0, dead: 0 });
  assert.deepEqual(transport.sent, [id]);
  assert.equal((await outbox.rows())[0]?.attempts, 2);
});

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
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 10; attempt++) {
    assert.deepEqual(await sender.deliver(), { sent: 0, failed: 1, dead: 0 });
    await outbox.sql`update outbox set next_attempt_at = now()`;
    const { next_attempt_ms } = JSON.parse(outbox.lines.at(-1) ?? '') as { next_attempt_ms: number };
    assert.ok(next_attempt_ms >= 0 && next_attempt_ms <= Math.min(60_000, 1000 * 2 ** (attempt - 1)));
    waits.push(next_attempt_ms);
  }
  assert.equal(new Set(waits).size > 5, true, `no jitter: ${waits.join(' ')}`);
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

test('sender: an email encrypted under another secret is dead; one that a newer release wrote waits for it', async () => {
  const outbox = await openOutbox();
  const { id, payload } = encryptEmail(
    'password-changed',
    eventDetails,
    'the secret that was there before it',
  );
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
      ['encrypted under another TOKEN_SECRET', true],
      ['TypeError', false],
    ],
  );
});

test('sender: one that lives on sends by itself what is due again, and what others wrote', async () => {
  const outbox = await openOutbox();
  const resend = await startFakeResend();
  resend.behave((nth) => (nth < 3 ? 'fail' : 'accept'));
  const first = await outbox.write('ada@example.com');
  const sender = outbox.start(toResend(resend), { pollMs: 20 });
  sender.wake();
  await resend.arrived(1);
  const second = await outbox.write('bob@example.com');
  await resend.arrived(2);
  assert.deepEqual(
    resend.arrivals.map(({ key }) => key),
    [first, second],
  );
});

test('sender: a subject and an address stay in their lines, whatever they hold', async () => {
  const outbox = await openOutbox();
  await outbox.write('ada@example.com\r\nBcc: eve@example.com');
  const handed: string[] = [];
  const transport: Transport = {
    send: ({ to, subject }) => {
      handed.push(to, subject);
      return Promise.resolve({ outcome: 'accepted' });
    },
  };
  await outbox.start(transport).deliver();
  assert.equal(handed.length, 2);
  for (const text of handed) assert.doesNotMatch(text, /\p{Cc}/u);
});

test('sender: stop lets what is under way have its verdict, and claims nothing more', async () => {
  const outbox = await openOutbox();
  for (const name of ['ada', 'bob']) await outbox.write(`${name}@example.com`);
  let accept = (): void => undefined;
  const handed = createSignal();
  const transport: Transport = {
    send: () => {
      handed.give();
      return new Promise((resolve) => (accept = () => resolve({ outcome: 'accepted' })));
    },
  };
  const sender = outbox.start(transport, { concurrency: 1 });
  sender.wake();
  await handed.given;
  const stopped = sender.stop();
  accept();
  await stopped;
  const rows = await outbox.rows();
  assert.deepEqual(
    rows.map(({ sentAt, attempts }) => [sentAt !== null, attempts]),
    [
      [true, 1],
      [false, 0],
    ],
  );
});

test('sender: old emails and ended verifications go, young ones stay', async () => {
  const outbox = await openOutbox();
  for (let nth = 0; nth < 4; nth++) await outbox.write(`reader-${nth}@example.com`);
  const [a, b, c, d] = (await outbox.rows()).map(({ id }) => id);
  assert.ok(a && b && c && d);
  await outbox.sql`update outbox set sent_at = now() - interval '8 days' where id = ${a}`;
  await outbox.sql`update outbox set sent_at = now() - interval '6 days' where id = ${b}`;
  await outbox.sql`update outbox set dead_at = now() - interval '31 days' where id = ${c}`;
  await outbox.sql`update outbox set dead_at = now() - interval '29 days' where id = ${d}`;
  for (const age of ['25 hours', '23 hours', '-15 minutes']) {
    await outbox.sql`
      insert into magic_links (id, purpose, email, token_hash, expires_at)
      values (gen_random_uuid(), 'sign-in', ${age}, sha256(${Buffer.from(age)}), now() - ${age}::interval)`;
  }
  await outbox.start(scripted()).deliver();
  assert.deepEqual((await outbox.rows()).map(({ id }) => id).sort(), [b, d].sort());
  const verifications = await outbox.sql<{
    email: string;
  }>`select email from magic_links order by expires_at`;
  assert.deepEqual(
    verifications.map(({ email }) => email),
    ['23 hours', '-15 minutes'],
  );
});
