import assert from 'node:assert/strict';
import test from 'node:test';
import { allowCrossOrigin, respondToPreflight } from './cors.ts';
import type { Settings } from '../core/settings.ts';
import type { ResponseHeaders } from './response-headers.ts';
import { bareSettings } from '../../test/support/settings.ts';

const settings: Settings = {
  ...bareSettings,
  corsOrigins: new Set(['https://app.example.com', 'http://localhost:5173']),
};
const noOrigins: Settings = { ...settings, corsOrigins: new Set() };

const methodsAt = (path: string) => (path === '/v1/me' ? ['GET', 'HEAD', 'PATCH'] : []);

function toRequest(headers: Record<string, string>, method = 'OPTIONS', path = '/v1/me') {
  return new Request(`https://api.example.com${path}`, { method, headers });
}

const origin = 'https://app.example.com';
const asking = { Origin: origin, 'Access-Control-Request-Method': 'PATCH' };

test('respondToPreflight tells a listed origin the methods of the path and the headers it may send', () => {
  const response = respondToPreflight(toRequest(asking), settings, methodsAt);
  assert.equal(response?.status, 204);
  assert.deepEqual(Object.fromEntries(response.headers), {
    'access-control-allow-methods': 'GET, HEAD, PATCH',
    'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, X-Request-Id',
    'access-control-max-age': '7200',
  });
});

test('respondToPreflight leaves everything to the endpoint that is no preflight of a listed origin', () => {
  const vectors: readonly (readonly [what: string, request: Request, settings: Settings | undefined])[] = [
    ['no settings', toRequest(asking), undefined],
    ['no origins listed', toRequest(asking), noOrigins],
    ['not OPTIONS', toRequest(asking, 'GET'), settings],
    ['OPTIONS by itself', toRequest({ Origin: origin }), settings],
    ['no origin', toRequest({ 'Access-Control-Request-Method': 'GET' }), settings],
    ['a foreign origin', toRequest({ ...asking, Origin: 'https://evil.example' }), settings],
    ['a null origin', toRequest({ ...asking, Origin: 'null' }), settings],
    ['another port', toRequest({ ...asking, Origin: `${origin}:8443` }), settings],
    ['a longer host', toRequest({ ...asking, Origin: `${origin}.evil.example` }), settings],
    ['another scheme', toRequest({ ...asking, Origin: 'http://app.example.com' }), settings],
    ['a path that does not exist', toRequest(asking, 'OPTIONS', '/nowhere'), settings],
  ];
  for (const [what, request, known] of vectors) {
    assert.equal(respondToPreflight(request, known, methodsAt), undefined, what);
  }
});

test('allowCrossOrigin lets a listed origin read the answer, without credentials', () => {
  const headers: ResponseHeaders = {};
  allowCrossOrigin(toRequest({ Origin: origin }, 'GET'), headers, settings);
  assert.deepEqual(headers, {
    'access-control-allow-origin': origin,
    'access-control-expose-headers':
      'RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id',
    vary: 'Origin',
  });
});

test('allowCrossOrigin says that the answer varies even to those it allows nothing', () => {
  for (const given of [{}, { Origin: 'https://evil.example' }, { Origin: 'null' }]) {
    const headers: ResponseHeaders = {};
    allowCrossOrigin(toRequest(given, 'GET'), headers, settings);
    assert.deepEqual(headers, { vary: 'Origin' });
  }
});

test('allowCrossOrigin adds nothing where no origin is listed', () => {
  const headers: ResponseHeaders = {};
  allowCrossOrigin(toRequest({ Origin: origin }, 'GET'), headers, noOrigins);
  assert.deepEqual(headers, {});
});

test('allowCrossOrigin allows credentials to apps of our own site, for what takes cookies, and for nothing else', () => {
  const listed: Settings = { ...settings, cookieOrigins: new Set([origin]) };
  const credentialsFor = (path: string, method = 'POST', from = origin, known = listed) => {
    const headers: ResponseHeaders = {};
    allowCrossOrigin(toRequest({ Origin: from }, method, path), headers, known);
    return headers['access-control-allow-credentials'];
  };
  for (const method of ['OPTIONS', 'POST']) {
    assert.equal(credentialsFor('/v1/auth/browser/token', method), 'true');
    assert.equal(credentialsFor('/v1/auth/browser/logout', method), 'true');
  }
  for (const path of [
    '/v1/me',
    '/v1/auth/refresh',
    '/account',
    '/v1/auth/browser',
    '/v1/auth/browser-other',
  ]) {
    assert.equal(credentialsFor(path), undefined, path);
  }
  const path = '/v1/auth/browser/token';
  for (const from of ['http://localhost:5173', 'https://evil.example', 'null', `${origin}.evil.example`]) {
    assert.equal(credentialsFor(path, 'POST', from), undefined, from);
  }
  assert.equal(credentialsFor(path, 'POST', origin, settings), undefined);
});
