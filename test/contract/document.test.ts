/** What the document must have, whatever the routes are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { document, findOperation } from '../../contract/document.ts';
import { assertDocumented } from '../../contract/conformance.ts';
import { endpoints } from '../../contract/endpoints.ts';

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('every route but the pages is in the document, and nothing else is', () => {
  assert.deepEqual(
    operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort(),
    endpoints.map(({ app, method }) => `${method} ${toTemplate(app.routes[0]?.path ?? '')}`).sort(),
  );
});

test('the document tells of each route what its guard holds it to', () => {
  for (const {
    app,
    name,
    method,
    needsUser,
    needsKey,
    takesUser,
    needsScheduler,
    needsOwnApp,
    isGate,
    takesBody,
    takesForm,
    policies,
  } of endpoints) {
    const operation = findOperation(toTemplate(app.routes[0]?.path ?? ''), method);
    assert.ok(operation, name);
    const statuses = new Set(Object.keys(operation.responses));
    assert.deepEqual(
      operation.security.map((scheme) => Object.keys(scheme)),
      needsUser
        ? [['accessToken'], ...(needsKey ? [['apiKey']] : [])]
        : needsScheduler
          ? [['cronSecret']]
          : needsKey
            ? [['apiKey']]
            : takesUser
              ? [[], ['accessToken']]
              : needsOwnApp
                ? [['browserSession'], ...(statuses.has('401') ? [] : [[]])]
                : isGate
                  ? [['accessToken'], ['apiKey'], ['browserSession']]
                  : [],
    );
    assert.equal(operation.requestBody !== undefined, takesBody, name);
    assert.deepEqual(
      operation['x-ratelimit-policies'].slice(0, policies.length).map((policy) => policy.name),
      policies.map((policy) => policy.name),
    );
    for (const status of [
      ...(takesBody ? ['400', '413', '415'] : []),
      ...(takesBody && !takesForm ? ['422'] : []),
      ...(needsUser || needsKey ? ['401'] : []),
    ]) {
      assert.ok(statuses.has(status), `${name} ${status}`);
    }
    assert.equal(statuses.has('429'), policies.length > 0, name);
    assert.ok(name.startsWith('health/') || operation.description.length > 20, name);
  }
});

test('no two operations have one name', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  assert.equal(new Set(names).size, names.length);
});

const user = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  email: 'ada@example.com',
  name: null,
  locale: 'en',
  email_verified: true,
  created_at: '2026-11-26T09:39:48.680Z',
};
const headers: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'x-request-id': '01a21739-bcf4-75b3-9b92-9b8c63523e8a',
};
const exchange = {
  method: 'GET',
  url: 'https://api.example.com/v1/me?why=not',
  status: 200,
  header: (name: string) => headers[name],
  body: JSON.stringify({ user, organization: null }),
};

test('an answer that the document tells of is let pass', () => {
  assertDocumented(exchange);
});

for (const [what, change] of [
  ['a status', { status: 201 }],
  ['a field', { body: JSON.stringify({ user: { ...user, more: 1 }, organization: null }) }],
  ['a missing field', { body: JSON.stringify({ user }) }],
  ['another type of a field', { body: JSON.stringify({ user: { ...user, name: 7 }, organization: null }) }],
  ['another form of a field', { body: JSON.stringify({ user: { ...user, id: 'x' }, organization: null }) }],
  ['a media type', { header: (name: string) => (name === 'content-type' ? 'text/plain' : headers[name]) }],
  ['a header', { header: (name: string) => (name === 'location' ? '/' : headers[name]) }],
  ['a missing header', { header: (name: string) => (name === 'x-request-id' ? undefined : headers[name]) }],
  ['a method', { method: 'PUT' }],
] as const) {
  test(`an answer with ${what} that the document does not tell of is told`, () => {
    assert.throws(() => assertDocumented({ ...exchange, ...change }), /openapi\.json has another answer/);
  });
}

function toTemplate(path: string): string {
  return path.replace(/:([a-z_]+)/g, '{$1}');
}
