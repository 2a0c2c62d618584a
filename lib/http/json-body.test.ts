import assert from 'node:assert/strict';
import test from 'node:test';
import * as z from 'zod/mini';
import { json } from './json-body.ts';
import { isProblem, type Problem, type ProblemSlug } from '../core/problem.ts';

const Person = z.strictObject({
  name: z.string().check(z.minLength(2), z.maxLength(5)),
  'a/b~c d': z.optional(z.boolean()),
  tags: z.optional(z.array(z.strictObject({ 'm~n': z.string() }))),
});
const rule = json(Person);
const limit = 65_536;

type Body = string | Uint8Array | readonly Uint8Array[] | null;

/** With an array the body comes in parts and without a Content-Length, as a chunked one does. */
function toRequest(body: Body, headers: Readonly<Record<string, string>> = {}) {
  const parts = Array.isArray(body) ? (body as readonly Uint8Array[]) : undefined;
  const sent = parts ? ReadableStream.from(parts) : (body as string | Uint8Array | null);
  return new Request('https://api.example.com/people', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: sent,
    ...(parts && { duplex: 'half' as const }),
  });
}

async function refusal(body: Body, headers?: Readonly<Record<string, string>>): Promise<Problem> {
  try {
    const value = await rule.parse(toRequest(body, headers));
    return assert.fail(`took ${JSON.stringify(value)}`);
  } catch (error) {
    if (isProblem(error)) return error;
    throw error;
  }
}

async function assertRefused(what: string, slug: ProblemSlug, body: Body, headers?: Record<string, string>) {
  assert.equal((await refusal(body, headers)).slug, slug, what);
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** A sound body of so many bytes. */
const ofLength = (length: number) => '{"name":"Ada"}'.padEnd(length);

test('json answers the input in the type of the schema', async () => {
  assert.deepEqual(await rule.parse(toRequest('{"name":"Ada"}')), { name: 'Ada' });
  assert.deepEqual(await rule.parse(toRequest([bytes('{"na'), bytes('me":"A'), bytes('da"}')])), {
    name: 'Ada',
  });
});

test('json reads a character that two parts share', async () => {
  const [head, tail] = [bytes('{"name":"\u00e9').slice(0, -1), bytes('\u00e9"}').slice(1)];
  await assert.rejects(rule.parse(toRequest([head, tail])), { slug: 'invalid-input' }, 'too short, but read');
  assert.deepEqual(
    await rule.parse(
      toRequest([bytes('{"name":"A'), ...[...bytes('\u00e9"}')].map((byte) => Uint8Array.of(byte))]),
    ),
    {
      name: 'A\u00e9',
    },
  );
});

const types: readonly (readonly [type: string, taken: boolean])[] = [
  ['application/json', true],
  ['Application/JSON', true],
  ['application/json;charset=utf-8', true],
  ['application/json ; charset=UTF-8', true],
  ['application/json\t;charset=utf-8', true],
  ['', false],
  ['text/plain', false],
  ['application/x-www-form-urlencoded', false],
  ['multipart/form-data; boundary=application/json', false],
  ['application/jsonp', false],
  ['application/json-seq', false],
  ['application/problem+json', false],
  ['text/plain, application/json', false],
];

test('json takes no other media type, so that no form of another site is one', async () => {
  for (const [type, taken] of types) {
    const headers = { 'Content-Type': type };
    if (taken) await rule.parse(toRequest('{"name":"Ada"}', headers));
    else await assertRefused(type, 'unsupported-media-type', '{"name":"Ada"}', headers);
  }
  const request = new Request('https://api.example.com', { method: 'POST', body: bytes('{"name":"Ada"}') });
  await assert.rejects(rule.parse(request), { slug: 'unsupported-media-type' }, 'none at all');
});

test('json takes no content encoding, and says what it takes', async () => {
  for (const encoding of ['gzip', 'br', 'identity, gzip']) {
    const { slug, headers } = await refusal('{}', { 'Content-Encoding': encoding });
    assert.deepEqual([slug, headers], ['unsupported-media-type', { Accept: 'application/json' }]);
  }
  assert.ok(await rule.parse(toRequest('{"name":"Ada"}', { 'Content-Encoding': 'identity' })));
});

test('json takes a body of 64 kB and none that is larger, however its length is told', async () => {
  const fits = ofLength(limit);
  const over = ofLength(limit + 1);
  const toParts = (text: string) => [bytes(text.slice(0, 40_000)), bytes(text.slice(40_000))];
  await rule.parse(toRequest(fits));
  await rule.parse(toRequest(toParts(fits)));
  await rule.parse(toRequest(fits, { 'Content-Length': String(limit) }));
  await assertRefused('not told', 'content-too-large', over);
  await assertRefused('in parts', 'content-too-large', toParts(over));
  await assertRefused('told', 'content-too-large', over, { 'Content-Length': String(limit + 1) });
  await assertRefused('told far too much', 'content-too-large', '{}', { 'Content-Length': '99999999999999' });
  for (const lie of ['5', '0', '-1', 'many']) {
    await assertRefused(`told ${lie}`, 'content-too-large', over, { 'Content-Length': lie });
  }
});

test('json stops reading once a body is too large', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull: (controller) => {
      sent += 10_000;
      controller.enqueue(new Uint8Array(10_000));
    },
  });
  const request = new Request('https://api.example.com', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: endless,
    duplex: 'half',
  });
  await assert.rejects(rule.parse(request), { slug: 'content-too-large' });
  assert.ok(sent < 2 * limit, `${sent} bytes`);
});

const unreadable: readonly (readonly [what: string, body: Body])[] = [
  ['no body', null],
  ['an empty body', ''],
  ['space', '  '],
  ['half an object', '{"name":"Ada"'],
  ['a comma too many', '{"name":"Ada",}'],
  ['single quotes', "{'name':'Ada'}"],
  ['a comment', '{"name":"Ada"} // mine'],
  ['two values', '{"name":"Ada"}{"name":"Ada"}'],
  ['NaN', '{"name":NaN}'],
  ['a control character in a text', '{"name":"A\nda"}'],
  ['a byte that is never UTF-8', Uint8Array.of(...bytes('{"name":"'), 0xff, ...bytes('"}'))],
  ['an overlong form', Uint8Array.of(...bytes('{"name":"'), 0xc0, 0xaf, ...bytes('"}'))],
  ['a surrogate in UTF-8', Uint8Array.of(...bytes('{"name":"'), 0xed, 0xa0, 0x80, ...bytes('"}'))],
  ['a character cut off', bytes('{"name":"\u00e9').slice(0, -1)],
  ['Latin-1', Uint8Array.of(...bytes('{"name":"'), 0xe9, ...bytes('"}'))],
  ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
];

test('json refuses what is no UTF-8 or no JSON as malformed', async () => {
  for (const [what, body] of unreadable) {
    await assertRefused(what, 'malformed-request', body);
    if (body instanceof Uint8Array) await assertRefused(`${what}, in parts`, 'malformed-request', [body]);
  }
});

test('json reads a body behind a byte order mark', async () => {
  assert.deepEqual(await rule.parse(toRequest('\ufeff{"name":"Ada"}')), { name: 'Ada' });
});

const faulty: readonly (readonly [what: string, body: unknown, errors: Readonly<Record<string, string>>])[] =
  [
    ['no object', [], { '#': 'type' }],
    ['null', null, { '#': 'type' }],
    ['a field that is missing', {}, { '#/name': 'required' }],
    ['a field of another type', { name: 7 }, { '#/name': 'type' }],
    ['null for a field', { name: null }, { '#/name': 'type' }],
    ['too short', { name: 'A' }, { '#/name': 'too-short' }],
    ['too long', { name: 'Adelaide' }, { '#/name': 'too-long' }],
    ['unknown', { name: 'Ada', admin: true }, { '#/admin': 'unknown' }],
    ['the prototype', JSON.parse('{"name":"Ada","__proto__":{}}'), { '#/__proto__': 'unknown' }],
    ['a name to escape', { name: 'Ada', 'a/b~c d': 1 }, { '#/a~1b~0c%20d': 'type' }],
    ['deep', { name: 'Ada', tags: [{ 'm~n': '' }, { 'm~n': 1 }] }, { '#/tags/1/m~0n': 'type' }],
    ['deep and unknown', { name: 'Ada', tags: [{ 'm~n': '', x: 1 }] }, { '#/tags/0/x': 'unknown' }],
    ['several', { admin: true, tags: 1 }, { '#/name': 'required', '#/tags': 'type', '#/admin': 'unknown' }],
  ];

test('json names every field to blame by its pointer', async () => {
  for (const [what, body, expected] of faulty) {
    const { slug, members } = await refusal(JSON.stringify(body));
    assert.equal(slug, 'invalid-input', what);
    const told = Object.fromEntries(members.errors?.map(({ pointer, code }) => [pointer, code]) ?? []);
    assert.deepEqual(told, expected, what);
    assert.equal(members.errors?.length, Object.keys(expected).length, `${what}: each once`);
    for (const { detail } of members.errors) assert.match(detail, /^[A-Z][^.]+$/, what);
  }
});

// RFC 6901, section 6: the same names as URI fragments.
const pointers: readonly (readonly [name: string, pointer: string])[] = [
  ['foo', '#/foo'],
  ['', '#/'],
  ['a/b', '#/a~1b'],
  ['c%d', '#/c%25d'],
  ['e^f', '#/e%5Ef'],
  ['g|h', '#/g%7Ch'],
  ['i\\j', '#/i%5Cj'],
  ['k"l', '#/k%22l'],
  [' ', '#/%20'],
  ['m~n', '#/m~0n'],
  ['~1', '#/~01'],
  ['\u00e9', '#/%C3%A9'],
  ['\ud800', '#/%EF%BF%BD'],
  ['x'.repeat(100), `#/${'x'.repeat(64)}`],
  [`${'x'.repeat(63)}\u{1f600}`, `#/${'x'.repeat(63)}%EF%BF%BD`],
];

test('json writes pointers as RFC 6901 does, and a long name not in full', async () => {
  for (const [name, pointer] of pointers) {
    const { members } = await refusal(JSON.stringify({ name: 'Ada', [name]: 1 }));
    assert.equal(members.errors?.[0]?.pointer, pointer, name);
  }
});

test('json tells of sixteen unknown fields at most', async () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, nth) => [`field-${nth}`, nth]));
  const { members } = await refusal(JSON.stringify({ name: 'Ada', ...many }));
  assert.equal(members.errors?.length, 16);
});

test('json keeps nothing of what it refuses: not in the problem, its causes or its messages', async () => {
  const bodies = [
    '{"name":"canary',
    'canary',
    '{"name":"canary canary"}',
    '{"name":{"canary":"canary"}}',
    '{"name":["canary"]}',
    '{"name":"Ada","tags":"canary"}',
    '{"name":"Ada","a/b~c d":"canary"}',
  ];
  for (const body of bodies) {
    const problem = await refusal(body);
    const causes = [problem.cause, problem.message, problem.stack].map(String);
    assert.doesNotMatch(JSON.stringify(problem.members) + causes.join(), /canary/, body);
  }
});
