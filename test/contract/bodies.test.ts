/** The contract of every endpoint that takes a body: whatever comes, it is a problem that says what is wrong, never a 500. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expectProblem } from '../support/responses.ts';
import { type Registered, startBlockbot, type TestRequest } from '../support/blockbot.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { callAlone } from './call-alone.ts';
import { nullableFields, optionalFields } from '../../contract/samples.ts';

const bot = await startBlockbot();
const json = { 'Content-Type': 'application/json' };
// If this text is anywhere in an answer or the log, something was echoed.
const marker = 'echo-me-if-you-dare';

const malformed: Readonly<Record<string, string | Uint8Array>> = {
  'an empty body': '',
  'a body that is not JSON': `{"${marker}": `,
  'JSON with a trailing comma': '{"a": 1,}',
  'single quotes': "{'a': 1}",
  'a byte order mark only': '\ufeff',
  'bad UTF-8': new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'a NUL byte': '{"a": "\u0000"}',
  'ten thousand open brackets': '['.repeat(10_000),
};

const wrongTypes: Readonly<Record<string, unknown>> = {
  null: null,
  'a number': 7,
  true: true,
  'an array': [],
  'an object': {},
};

const badTexts: Readonly<Record<string, string>> = {
  'a NUL character': `a\u0000${marker}@example.com`,
  'a lone surrogate': `\ud800${marker}@example.com`,
  'forty thousand characters': `${marker}${'x'.repeat(40_000)}@example.com`,
};

const withBody = endpoints.filter(({ takesBody, takesForm }) => takesBody && !takesForm);

// One after the other, and before the suites, which begin all at once: a busy machine refuses some of forty at once.
const accounts = new Map<string, Registered>();
for (const { name, needsUser } of withBody) if (needsUser) accounts.set(name, await bot.register());

for (const endpoint of withBody) {
  suite(`${endpoint.method} ${endpoint.path}`, () => {
    const sound = endpoint.soundBody;
    assert.ok(sound, `contract/samples.ts has no body for ${endpoint.name}`);
    const account = accounts.get(endpoint.name);
    const token = account ? { token: account.access_token } : {};

    async function refused(request: TestRequest, slug: Parameters<typeof expectProblem>[1]) {
      // One account asks it all, which is more than a narrow limit by caller has room for.
      for (const policy of endpoint.policies) {
        if (account) await bot.services.rateLimits.reset(policy, `user:${account.user.id}`);
      }
      const response = await callAlone(bot, endpoint, { ...token, ...request });
      const text = await response.clone().text();
      assert.ok(!text.includes(marker), `the answer echoes its input: ${text}`);
      for (const policy of endpoint.policies) {
        // Nobody here comes by an API key.
        const isOfKeys = policy.keyedBy === 'key' || policy.keyedBy === 'keys';
        if (policy.silent || policy.hidesRemaining || isOfKeys) continue;
        assert.match(response.headers.get('ratelimit') ?? '', new RegExp(`"${policy.name}";r=\\d+;t=\\d+`));
      }
      return expectProblem(response, slug);
    }

    for (const [description, body] of Object.entries(malformed)) {
      test(`refuses ${description}`, async () => {
        await refused({ body, headers: json }, 'malformed-request');
      });
    }

    test('refuses a body that is no object', async () => {
      for (const value of [null, 7, 'text', [], [sound], true]) {
        const { errors } = await refused({ body: JSON.stringify(value), headers: json }, 'invalid-input');
        assert.deepEqual(
          errors?.map(({ pointer, code }) => ({ pointer, code })),
          [{ pointer: '#', code: 'type' }],
        );
      }
    });

    test('refuses another media type, none, and an encoded body', async () => {
      for (const headers of [
        { 'Content-Type': 'text/plain' },
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        { 'Content-Type': 'application/jsonp' },
        { 'Content-Type': '' },
        { ...json, 'Content-Encoding': 'gzip' },
      ]) {
        await refused({ body: sound, headers }, 'unsupported-media-type');
      }
    });

    test('refuses 65,537 bytes', async () => {
      await refused({ body: { ...sound, filler: 'x'.repeat(65_537) } }, 'content-too-large');
    });

    test('names an unknown field, one that looks like the prototype too', async () => {
      for (const field of ['surplus', '__proto__', 'constructor', 'a/b~c']) {
        const members = [JSON.stringify(sound).slice(1, -1), `${JSON.stringify(field)}: 1`].filter(Boolean);
        const body = `{${members.join(', ')}}`;
        const { errors } = await refused({ body, headers: json }, 'invalid-input');
        const pointer = `#/${encodeURIComponent(field.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
        assert.deepEqual(errors, [{ pointer, code: 'unknown', detail: 'There is no such field' }]);
      }
    });

    for (const field of Object.keys(sound)) {
      const pointers = async (body: object) =>
        (await refused({ body }, 'invalid-input')).errors?.map(({ pointer }) => pointer);

      if (!optionalFields[endpoint.name]?.includes(field)) {
        test(`names ${field} when it is missing`, async () => {
          const { [field]: missing, ...rest } = sound;
          assert.deepEqual(await pointers(rest), [`#/${field}`]);
        });
      }

      for (const [description, value] of Object.entries(wrongTypes)) {
        if (value === null && nullableFields[endpoint.name]?.includes(field)) continue;
        if (isOfType(value, sound[field])) continue;
        test(`names ${field} when it is ${description}`, async () => {
          assert.deepEqual(await pointers({ ...sound, [field]: value }), [`#/${field}`]);
        });
      }

      // A refresh token of any form is answered by what it is: not one of ours.
      if (field === 'refresh_token') continue;
      for (const [description, text] of Object.entries(badTexts)) {
        test(`names ${field} when it has ${description}`, async () => {
          const named = await pointers({ ...sound, [field]: text });
          assert.deepEqual([...new Set(named)], [`#/${field}`]);
        });
      }
    }
  });
}

/** Lists are bent, too: of none is an empty one sound. */
function isOfType(value: unknown, sound: unknown): boolean {
  if (Array.isArray(value) || Array.isArray(sound) || value === null) return false;
  return typeof value === typeof sound;
}

test('nothing of all this reached the log but what happened', () => {
  for (const line of bot.logLines) {
    assert.ok(!line.includes(marker), line);
    assert.doesNotMatch(line, /"level":"error"/);
  }
});
