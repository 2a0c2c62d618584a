import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Behaviour, startFakeResend } from '../../test/support/fake-resend.ts';
import { createResendTransport } from '../node/mail/resend.ts';
import { createResendFetch } from './resend.ts';
import type { OutgoingEmail, SendResult } from '../../lib/mail/transport.ts';

const message: OutgoingEmail = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  to: 'ada@example.com',
  subject: 'Sign in',
  text: 'as text',
  html: '<p>as HTML</p>',
};
const from = 'Blockbot <no-reply@example.com>';
const failure = (status: number, name: string, headers?: Record<string, string>): Behaviour => ({
  status,
  body: { statusCode: status, name, message: 'to ada@example.com, who is a secret' },
  ...(headers && { headers }),
});

const results: readonly (readonly [what: string, behaviour: Behaviour, result: Partial<SendResult>])[] = [
  ['a bad field', failure(422, 'validation_error'), { outcome: 'refused', reason: '422 validation_error' }],
  ['a bad request', failure(400, 'validation_error'), { outcome: 'refused', reason: '400 validation_error' }],
  ['a wrong key', failure(403, 'invalid_api_key'), { outcome: 'later', reason: '403 invalid_api_key' }],
  ['a missing key', failure(401, 'missing_api_key'), { outcome: 'later', reason: '401 missing_api_key' }],
  ['a wrong sender', failure(422, 'invalid_from_address'), { outcome: 'later' }],
  ['a wrong base URL', failure(404, 'not_found'), { outcome: 'later', reason: '404 not_found' }],
  ['a key in use', failure(409, 'concurrent_idempotent_requests'), { outcome: 'later' }],
  [
    'an outage',
    failure(503, 'application_error', { 'Retry-After': '7' }),
    { outcome: 'later', retryAfterMs: 7000 },
  ],
  ['an error page', 'fail', { outcome: 'later', reason: '500 application_error' }],
  [
    'too many at once',
    failure(429, 'rate_limit_exceeded', { 'Retry-After': '2' }),
    { outcome: 'later', retryAfterMs: 2000, throttled: true },
  ],
  ['a quota without a time', failure(429, 'daily_quota_exceeded'), { outcome: 'later', throttled: true }],
  [
    'a date that has passed',
    failure(429, 'rate_limit_exceeded', { 'Retry-After': 'Mon, 01 Jan 2024 00:00:00 GMT' }),
    { outcome: 'later', retryAfterMs: 0 },
  ],
  [
    'a time that is none',
    failure(503, 'x', { 'Retry-After': 'soon' }),
    { outcome: 'later', retryAfterMs: undefined },
  ],
  ['an error that is null', { status: 502, body: null }, { outcome: 'later' }],
  ['a success that is none', { status: 200, body: { ok: true } }, { outcome: 'later' }],
  ['no answer', 'hang', { outcome: 'later' }],
  ['a broken connection', 'drop', { outcome: 'later' }],
];

const ways = { 'by its package': createResendTransport, 'by fetch': createResendFetch };

for (const [way, createTransport] of Object.entries(ways)) {
  suite(`Resend ${way}`, async () => {
    const resend = await startFakeResend();
    const transport = createTransport({
      apiKey: 're_test',
      from,
      baseUrl: `${resend.url}/`,
      timeoutMs: 1500,
    });

    test('the email goes with its id as idempotency key, and says that a machine wrote it', async () => {
      resend.behave(() => 'accept');
      assert.deepEqual(await transport.send(message), { outcome: 'accepted' });
      assert.deepEqual(await transport.send(message), { outcome: 'accepted' });
      assert.equal(resend.arrivals.length, 1);
      const { id: key, ...rest } = message;
      const headers = { 'Auto-Submitted': 'auto-generated' };
      assert.deepEqual(resend.arrivals[0], {
        key,
        to: message.to,
        subject: message.subject,
        payload: { ...rest, from, headers },
      });
    });

    test('a key that was used for another wording means that the email has arrived', async () => {
      resend.behave(() => 'accept');
      assert.deepEqual(await transport.send({ ...message, subject: 'Sign in, please' }), {
        outcome: 'accepted',
      });
      assert.equal(resend.arrivals.length, 1);
    });

    for (const [what, behaviour, expected] of results) {
      test(`${what} is ${expected.outcome === 'refused' ? 'a refusal' : 'tried again'}`, async () => {
        resend.behave(() => behaviour);
        const result = await transport.send({ ...message, id: '01890a5d-ac96-774b-bcce-b302099a8058' });
        const told = Object.fromEntries(
          Object.keys(expected).map((name) => [name, result[name as keyof SendResult] as unknown]),
        );
        assert.deepEqual(told, expected);
        assert.doesNotMatch(JSON.stringify(result), /ada|secret/);
      });
    }
  });
}

test('Resend by fetch says by its code why no answer came', async () => {
  const resend = await startFakeResend();
  const ask = (baseUrl: string) =>
    createResendFetch({ apiKey: 're_test', from, baseUrl, timeoutMs: 500 }).send(message);
  resend.behave(() => 'hang');
  assert.deepEqual(await ask(resend.url), { outcome: 'later', reason: 'TimeoutError' });
  assert.match(JSON.stringify(await ask('http://resend.invalid')), /"reason":"(ENOTFOUND|EAI_AGAIN)"/);
});
