import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import type { OutgoingEmail } from '../../../lib/mail/transport.ts';
import { createSmtpTransport } from './smtp.ts';

const message: OutgoingEmail = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  to: 'ada@example.com',
  subject: 'Sign in',
  text: 'as text\n.\nwith a line of one dot',
  html: '<p>as HTML</p>',
};

interface Refusal {
  readonly step: 'auth' | 'from' | 'to' | 'data';
  readonly code: number;
}

/** A mail server that keeps what it gets, or refuses at one step. */
async function startMailServer(refusal?: Refusal) {
  const messages: { to: readonly string[]; raw: string }[] = [];
  const refuse = (step: Refusal['step']) =>
    refusal?.step === step
      ? Object.assign(new Error('not for ada@example.com'), { responseCode: refusal.code })
      : null;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth: (_, __, done) => {
      const error = refuse('auth');
      if (error) done(error);
      else done(null, { user: 'blockbot' });
    },
    onMailFrom: (_, __, done) => done(refuse('from')),
    onRcptTo: (_, __, done) => done(refuse('to')),
    onData: (stream, session, done) => {
      let raw = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => (raw += chunk));
      stream.on('end', () => {
        messages.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw });
        done(refuse('data'));
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  assert.ok(typeof address === 'object' && address);
  const transport = createSmtpTransport({
    url: `smtp://blockbot:a-secret@127.0.0.1:${address.port}`,
    from: 'Blockbot <no-reply@mail.example.com>',
  });
  after(() => {
    transport.close();
    server.close();
  });
  return { transport, messages };
}

const headersOf = (raw: string) =>
  raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');

test('smtp: an email arrives as text and HTML, under a Message-ID made of its id', async () => {
  const { transport, messages } = await startMailServer();
  assert.deepEqual(await transport.send(message), { outcome: 'accepted' });
  assert.deepEqual(messages[0]?.to, ['ada@example.com']);
  const { raw = '' } = messages[0] ?? {};
  const headers = headersOf(raw);
  for (const header of [
    'From: Blockbot <no-reply@mail.example.com>',
    'To: ada@example.com',
    'Subject: Sign in',
    `Message-ID: <${message.id}@mail.example.com>`,
    'Auto-Submitted: auto-generated',
  ]) {
    assert.ok(headers.includes(header), `${header} is not in\n${headers.join('\n')}`);
  }
  assert.match(raw, /multipart\/alternative/);
  assert.match(raw, /as text[\s\S]*with a line of one dot/);
  assert.match(raw, /<p>as HTML<\/p>/);
});

test('smtp: line breaks in a subject or an address make no second header and no second recipient', async () => {
  const { transport, messages } = await startMailServer();
  const hostile = {
    ...message,
    subject: 'Sign in\r\nBcc: eve@example.com\r\n\r\nanother body',
    to: 'ada@example.com\r\nBcc: eve@example.com',
  };
  await transport.send(hostile);
  await transport.send({ ...hostile, to: 'ada@example.com, eve@example.com' });
  await transport.send({ ...hostile, to: 'ada@example.com' });
  for (const { to, raw } of messages) {
    assert.equal(to.length, 1, to.join(' '));
    const names = headersOf(raw).map((line) => line.slice(0, line.indexOf(':')));
    assert.equal(new Set(names).size, names.length, names.join());
    assert.ok(!names.includes('Bcc'));
  }
  assert.ok(messages.length > 0);
});

const refusals: readonly (readonly [Refusal, 'refused' | 'later'])[] = [
  [{ step: 'to', code: 550 }, 'refused'],
  [{ step: 'data', code: 554 }, 'refused'],
  [{ step: 'to', code: 451 }, 'later'],
  [{ step: 'data', code: 452 }, 'later'],
  [{ step: 'from', code: 553 }, 'later'],
  [{ step: 'auth', code: 535 }, 'later'],
];

for (const [refusal, outcome] of refusals) {
  test(`smtp: ${refusal.code} at ${refusal.step} is ${outcome}, and tells no address`, async () => {
    const { transport } = await startMailServer(refusal);
    const result = await transport.send(message);
    assert.equal(result.outcome, outcome, JSON.stringify(result));
    assert.match(JSON.stringify(result), new RegExp(`"SMTP ${refusal.code} at [A-Z ]+"`));
  });
}

test('smtp: a server that is away is tried again later', async () => {
  const transport = createSmtpTransport({ url: 'smtp://127.0.0.1:9', from: 'no-reply@mail.example.com' });
  after(transport.close);
  const result = await transport.send(message);
  assert.deepEqual(result, { outcome: 'later', reason: 'SMTP CONN' });
});
