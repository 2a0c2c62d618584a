import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Behaviour, type FakeResend, startFakeResend } from '../../test/support/fake-resend.ts';
import { createLog } from '../core/log.ts';
import { openOutbox, scripted, keyring } from '../../test/support/outbox-database.ts';
import { createResendTransport } from '../../hosts/node/mail/resend.ts';
import { createSender } from './sender.ts';
import type { Transport } from './transport.ts';

const toResend = ({ url: baseUrl }: FakeResend) =>
  createResendTransport({ apiKey: 're_test', from: 'no-reply@example.com', baseUrl, timeoutMs: 5000 });

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
    keyring,
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

test('sender: stop lets what is under way have its result, and claims nothing more', async () => {
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
