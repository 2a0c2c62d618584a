/** What the types tell a caller, and what they refuse: as they are seen in a browser, where nothing of Node is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../test/support/compile.ts';

const toSource = (lines: string) => `
import type { Organization, Session, User } from './api.ts';
import { createClient } from './client.ts';
const client = createClient({ baseUrl: '' });
const email = 'ada@example.com';
const password = 'correct horse battery staple';
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
function expectSame<One, Other>(is: Same<One, Other>): void { void is; }
${lines}
export type All = [Organization, Session, User];
void [email, password, expectSame];
`;

const told = {
  'data of a route': `
    const me = await client.get('/v1/me');
    if (!me.error) expectSame<typeof me.data, { user: User; organization: Organization | null }>(true);`,
  'data by its status': `
    const answer = await client.post('/v1/auth/register', { body: { email, password } });
    if (answer.status === 201) expectSame<typeof answer.data.user, User>(true);
    if (answer.status === 202) expectSame<typeof answer.data.status, 'verification-pending'>(true);`,
  'problems by their slugs': `
    const { error } = await client.post('/v1/auth/register', { body: { email, password } });
    if (error?.slug === 'quota-exceeded') {
      expectSame<(typeof error)['violated-policies'], string[]>(true);
      expectSame<typeof error.retryAfter, number>(true);
    }
    if (error?.slug === 'invalid-input') expectSame<(typeof error.errors)[number]['pointer'], string>(true);
    if (error?.slug === 'email-taken') expectSame<typeof error.status, 409>(true);
    if (error?.slug === 'network-error') expectSame<typeof error.cause, unknown>(true);`,
  'that nothing is left of the problems once each has had its case': `
    const { error } = await client.get('/health/live');
    switch (error?.slug) {
      case 'internal-error': case 'not-found': case 'malformed-request': case 'method-not-allowed':
      case 'request-timeout': case 'expectation-failed': case 'header-too-large':
      case 'network-error': case 'unreadable-answer': case undefined: break;
      default: expectSame<typeof error, never>(true);
    }`,
};

const refused = {
  'a route that is not there': [`client.get('/v1/auth/login');`, /"\/v1\/auth\/login"' is not assignable/],
  'a call without its body': [`client.post('/v1/auth/login');`, /Expected 2 arguments/],
  'a body without a field': [
    `client.post('/v1/auth/login', { body: { email } });`,
    /Property 'password' is missing/,
  ],
  'a field that is not there': [
    `client.post('/v1/auth/login', { body: { email, password, pasword: '' } });`,
    /'pasword' does not exist/,
  ],
  'a path without its parameter': [`client.delete('/v1/sessions/{id}');`, /Expected 2 arguments/],
  'neither a link nor a code': [
    `client.post('/v1/auth/password/reset', { body: { email, new_password: password } });`,
    /Property 'code' is missing/,
  ],
  'a slug that this route does not have': [
    `void ((await client.get('/v1/me')).error?.slug === 'invalid-credentials');`,
    /no overlap/,
  ],
  'data before the error was looked at': [`(await client.get('/v1/me')).data.user;`, /possibly 'undefined'/],
  'what only Node has': [`void process.version;`, /Cannot find name 'process'/],
} as const;

const sources = Object.fromEntries([
  ...Object.entries(told).map(([title, lines]) => [`${title}.ts`, toSource(lines)]),
  ...Object.entries(refused).map(([title, [line]]) => [`${title}.ts`, toSource(line)]),
]) as Readonly<Record<string, string>>;
const diagnostics = compile('client', sources, 'client/tsconfig.json');

for (const title of Object.keys(told)) {
  test(`the types tell ${title}`, () => {
    assert.deepEqual(diagnostics.get(`${title}.ts`), []);
  });
}

for (const [title, [, message]] of Object.entries(refused)) {
  test(`the types refuse ${title}`, () => {
    const [first = '', ...others] = diagnostics.get(`${title}.ts`) ?? [];
    assert.deepEqual(others, []);
    assert.match(first, message);
  });
}
