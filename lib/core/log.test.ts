import assert from 'node:assert/strict';
import test from 'node:test';
import { createLog, type LogLevel, redact } from './log.ts';

function createTestLog(level?: LogLevel) {
  const lines: string[] = [];
  return { lines, log: createLog({ write: (line) => lines.push(line), ...(level && { level }) }) };
}

const levels = ['debug', 'info', 'warn', 'error'] as const;

test('createLog writes what its level asks for and leaves out what is below', () => {
  for (const [nth, level] of levels.entries()) {
    const { lines, log } = createTestLog(level);
    for (const each of levels) log[each]('said');
    const written = lines.map((line) => (JSON.parse(line) as { level: string }).level);
    assert.deepEqual(written, levels.slice(nth));
  }
  const { lines, log } = createTestLog();
  for (const each of levels) log[each]('said');
  assert.equal(lines.length, 3, 'info unless told');
});

test('createLog writes one JSON object a line: time, level, message, then the fields', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
  const { lines, log } = createTestLog();
  log.info('first\nsecond', { 'http.route': '/v1/me', status: 200, cached: false, caller: undefined });
  assert.deepEqual(lines, [
    '{"time":"2026-01-02T03:04:05.678Z","level":"info","message":"first\\nsecond","http.route":"/v1/me","status":200,"cached":false}',
  ]);
});

test('createLog writes a line in another form where it is told to', () => {
  const lines: string[] = [];
  const log = createLog({
    write: (line) => lines.push(line),
    toLine: ({ level, message }) => `${String(level)} ${String(message)}`,
  });
  log.warn('said');
  assert.deepEqual(lines, ['warn said']);
});

// What the text is made of and may not be read in the log.
const secrets: readonly {
  readonly what: string;
  readonly text: string;
  readonly hidden: readonly string[];
}[] = [
  { what: 'a mail address', text: 'mail to ada@example.com failed', hidden: ['ada', 'example.com'] },
  { what: 'a mail address in brackets', text: 'to <ada@example.com>: 550', hidden: ['ada'] },
  { what: 'a tagged mail address', text: 'ada+shop@example.com', hidden: ['ada', 'shop'] },
  {
    what: 'the detail of a Postgres error',
    text: 'duplicate key: Key (email)=(ada@example.com) already exists.',
    hidden: ['ada', 'example.com'],
  },
  { what: 'two mail addresses', text: 'ada@example.com,grace@example.org', hidden: ['ada', 'grace'] },
  { what: 'a URL password', text: 'postgres://blockbot:hunter2@db:5432/x', hidden: ['hunter2'] },
  { what: 'a URL with a password only', text: 'redis://:hunter2@cache', hidden: ['hunter2'] },
  {
    what: 'a URL password with every mark that needs no escape',
    text: "postgres://user-0:pass-1;pass-2=pass-3,pass-4'(pass-5@pass-6@db/x",
    hidden: ['user-0', 'pass-1', 'pass-2', 'pass-3', 'pass-4', 'pass-5', 'pass-6'],
  },
  { what: 'a long URL password', text: `redis://:${'hunter2'.repeat(20)}@cache`, hidden: ['hunter2'] },
  {
    what: 'a JWT',
    text: 'token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    hidden: ['eyJhbGciOiJFUzI1NiJ9', 'eyJzdWIiOiIxIn0', 'c2lnbmF0dXJl'],
  },
  { what: 'an unsigned JWT', text: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', hidden: ['eyJ'] },
  { what: 'a bearer header', text: 'Authorization: Bearer eyJa.eyJb.c', hidden: ['eyJ'] },
  { what: 'a refresh token', text: `"bbrt_${'Ab-_9'.repeat(18)}x"`, hidden: ['Ab-_9'] },
  {
    what: 'an argon2id hash',
    text: 'hash $argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
    hidden: ['c2FsdHNhbHQ', 'aGFzaGhhc2g'],
  },
  { what: 'a scrypt hash', text: '$scrypt$ln=14,r=8,p=5$c2FsdA$aGFzaA', hidden: ['c2FsdA', 'aGFzaA'] },
  { what: 'a PBKDF2 hash', text: '$pbkdf2-sha256$i=600000$c2FsdA$aGFzaA', hidden: ['c2FsdA', 'aGFzaA'] },
  { what: 'a bcrypt hash', text: '$2b$12$GhvMmNVjRW29ulnudl.Lbu', hidden: ['GhvMmNVj'] },
];

test('redact blanks mail addresses, passwords in URLs, tokens and hashes', () => {
  for (const { what, text, hidden } of secrets) {
    const redacted = redact(text);
    assert.match(redacted, /\[redacted\]/, what);
    for (const part of hidden) assert.ok(!redacted.includes(part), `${what}: ${redacted}`);
  }
});

test('redact leaves everything else as it is', () => {
  const texts = [
    '',
    'https://api.example.com/login?next=/a, mailed at noon',
    'response sent',
    'GET /v1/sessions/:id',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'https://api.example.com/problems/not-found',
    'select $1, $2',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
    'costs $20 @ noon',
    'at Object.<anonymous> (/app/lib/log.ts:1:2)',
  ];
  for (const text of texts) assert.equal(redact(text), text);
});

test('createLog redacts messages, fields, and causes however deep', () => {
  for (const { what, text, hidden } of secrets) {
    const { lines, log } = createTestLog();
    log.error(
      'failed',
      { text },
      new Error('outer', { cause: new Error('inner', { cause: new Error(text) }) }),
    );
    log.error('failed', {}, text);
    log.error('failed', {}, new Error('outer', { cause: text }));
    log.info(text);
    assert.equal(lines.length, 4);
    for (const part of hidden) assert.ok(!lines.join('\n').includes(part), `${what}: ${lines.join('\n')}`);
  }
});

test('createLog tells a cause with its stack and what caused it', () => {
  const { lines, log } = createTestLog();
  log.error('failed', {}, new TypeError('outer', { cause: new RangeError('inner', { cause: 'root' }) }));
  const { cause } = JSON.parse(lines[0] ?? '') as { cause: string };
  assert.match(
    cause,
    /^TypeError: outer\n +at [^]*\ncaused by: RangeError: inner\n +at [^]*\ncaused by: root$/,
  );
});

test('createLog tells each error of an aggregate, which says nothing itself', () => {
  const { lines, log } = createTestLog();
  const errors = ['::1', '127.0.0.1'].map((host) => new Error(`connect ECONNREFUSED ${host}:5432`));
  log.error('failed', {}, new AggregateError(errors));
  assert.match(lines[0] ?? '', /caused by: Error: connect ECONNREFUSED ::1:5432/);
  assert.match(lines[0] ?? '', /caused by: Error: connect ECONNREFUSED 127\.0\.0\.1:5432/);
});

test('createLog writes a line whatever was thrown', () => {
  const circle = new Error('first');
  circle.cause = new Error('second', { cause: circle });
  for (const thrown of [
    circle,
    null,
    'text',
    7,
    {},
    Object.create(null),
    Symbol('thrown'),
    () => undefined,
  ]) {
    const { lines, log } = createTestLog();
    log.error('failed', {}, thrown);
    assert.equal(lines.length, 1, typeof thrown);
    assert.equal(typeof (JSON.parse(lines[0] ?? '') as { cause: unknown }).cause, 'string');
  }
});
