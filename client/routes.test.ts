/** Every route by its types: a route that is not called here, or is no more, does not compile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { document, findOperation } from '../contract/document.ts';
import { startBlockbot } from '../test/support/blockbot.ts';
import { serve } from '../test/support/served-blockbot.ts';
import type { Routes } from './api.ts';
import { createClient } from './client.ts';

const bot = await startBlockbot();
const served = await serve(bot);
const client = createClient({ baseUrl: served.url });

type Method = keyof Routes;
type RouteName = { [Own in Method]: `${Own} ${keyof Routes[Own] & string}` }[Method];

const email = 'ada@example.com';
const password = 'correct horse battery staple';
const token = 'A'.repeat(43);
const code = '123456';
const id = '01890a5d-ac96-774b-bcce-b302099a8057';

const calls = {
  'GET /': () => client.get('/'),
  'GET /.well-known/jwks.json': () => client.get('/.well-known/jwks.json'),
  'GET /.well-known/oauth-authorization-server': () => client.get('/.well-known/oauth-authorization-server'),
  'GET /.well-known/oauth-protected-resource': () => client.get('/.well-known/oauth-protected-resource'),
  'GET /health': () => client.get('/health'),
  'GET /health/live': () => client.get('/health/live'),
  'GET /health/ready': () => client.get('/health/ready'),
  'GET /openapi.json': () => client.get('/openapi.json', { headers: { 'If-None-Match': '"other"' } }),
  'GET /problems/{slug}': () => client.get('/problems/{slug}', { path: { slug: 'not-found' } }),
  'GET /v1/gate': () => client.get('/v1/gate', { query: { audience: 'billing' } }),
  'GET /v1/me': () => client.get('/v1/me'),
  'GET /v1/me/audit-events': () => client.get('/v1/me/audit-events', { query: { limit: 1 } }),
  'GET /v1/organizations/{id}/audit-events': () =>
    client.get('/v1/organizations/{id}/audit-events', { path: { id } }),
  'GET /v1/me/export': () => client.get('/v1/me/export'),
  'GET /v1/sessions': () => client.get('/v1/sessions'),
  'PATCH /v1/me': () => client.patch('/v1/me', { body: { name: 'Ada', locale: 'de' } }),
  'POST /v1/auth/browser/logout': () => client.post('/v1/auth/browser/logout', { body: {} }),
  'POST /v1/auth/browser/token': () => client.post('/v1/auth/browser/token', { body: {} }),
  'POST /v1/auth/token': () =>
    client.post('/v1/auth/token', {
      body: {
        grant_type: 'authorization_code',
        code,
        code_verifier: token,
        redirect_uri: 'https://app.example.com/in',
      },
    }),
  'POST /v1/auth/email/change': () =>
    client.post('/v1/auth/email/change', { body: { email: 'next@example.com', password } }),
  'POST /v1/auth/email/confirm': () => client.post('/v1/auth/email/confirm', { body: { token } }),
  'POST /v1/auth/email/resend': () => client.post('/v1/auth/email/resend', { body: { email } }),
  'POST /v1/auth/email/verify': () => client.post('/v1/auth/email/verify', { body: { email, code } }),
  'POST /v1/auth/login': () => client.post('/v1/auth/login', { body: { email, password } }),
  'POST /v1/auth/magic-link': () => client.post('/v1/auth/magic-link', { body: { email } }),
  'POST /v1/auth/magic-link/verify': () =>
    client.post('/v1/auth/magic-link/verify', { body: { email, code } }),
  'POST /v1/auth/password/change': () =>
    client.post('/v1/auth/password/change', { body: { current_password: password, new_password: password } }),
  'POST /v1/auth/password/forgot': () => client.post('/v1/auth/password/forgot', { body: { email } }),
  'POST /v1/auth/password/reset': () =>
    client.post('/v1/auth/password/reset', { body: { email, code, new_password: password } }),
  'POST /v1/auth/refresh': () => client.post('/v1/auth/refresh', { body: { refresh_token: 'none' } }),
  'POST /v1/auth/register': () => client.post('/v1/auth/register', { body: { email, password } }),
  'GET /v1/organizations': () => client.get('/v1/organizations'),
  'POST /v1/organizations': () => client.post('/v1/organizations', { body: { name: 'Engines' } }),
  'GET /v1/organizations/{id}': () => client.get('/v1/organizations/{id}', { path: { id } }),
  'PATCH /v1/organizations/{id}': () =>
    client.patch('/v1/organizations/{id}', { path: { id }, body: { name: 'Engines' } }),
  'DELETE /v1/organizations/{id}': () =>
    client.delete('/v1/organizations/{id}', { path: { id }, body: { slug: 'engines' } }),
  'GET /v1/organizations/{id}/members': () => client.get('/v1/organizations/{id}/members', { path: { id } }),
  'PATCH /v1/organizations/{id}/members/{user_id}': () =>
    client.patch('/v1/organizations/{id}/members/{user_id}', {
      path: { id, user_id: id },
      body: { role: 'admin' },
    }),
  'DELETE /v1/organizations/{id}/members/{user_id}': () =>
    client.delete('/v1/organizations/{id}/members/{user_id}', { path: { id, user_id: id } }),
  'POST /v1/organizations/{id}/transfer': () =>
    client.post('/v1/organizations/{id}/transfer', { path: { id }, body: { user_id: id } }),
  'POST /v1/sessions/current/organization': () =>
    client.post('/v1/sessions/current/organization', { body: { organization_id: id } }),
  'POST /v1/outbox/deliver': () =>
    client.post('/v1/outbox/deliver', {
      headers: { Authorization: `Bearer ${bot.services.settings.cronSecret}` },
    }),
  'DELETE /v1/sessions': () => client.delete('/v1/sessions'),
  'DELETE /v1/sessions/{id}': () => client.delete('/v1/sessions/{id}', { path: { id } }),
  'GET /v1/invitations': () => client.get('/v1/invitations'),
  'POST /v1/invitations/accept': () => client.post('/v1/invitations/accept', { body: { token } }),
  'POST /v1/invitations/decline': () => client.post('/v1/invitations/decline', { body: { token } }),
  'POST /v1/invitations/{id}/accept': () => client.post('/v1/invitations/{id}/accept', { path: { id } }),
  'POST /v1/invitations/{id}/decline': () => client.post('/v1/invitations/{id}/decline', { path: { id } }),
  'POST /v1/join': () => client.post('/v1/join', { body: { token } }),
  'GET /v1/organizations/{id}/invitations': () =>
    client.get('/v1/organizations/{id}/invitations', { path: { id } }),
  'POST /v1/organizations/{id}/invitations': () =>
    client.post('/v1/organizations/{id}/invitations', { path: { id }, body: { email, role: 'member' } }),
  'DELETE /v1/organizations/{id}/invitations/{invitation_id}': () =>
    client.delete('/v1/organizations/{id}/invitations/{invitation_id}', { path: { id, invitation_id: id } }),
  'POST /v1/organizations/{id}/invitations/{invitation_id}/resend': () =>
    client.post('/v1/organizations/{id}/invitations/{invitation_id}/resend', {
      path: { id, invitation_id: id },
    }),
  'DELETE /v1/organizations/{id}/join-link': () =>
    client.delete('/v1/organizations/{id}/join-link', { path: { id } }),
  'POST /v1/organizations/{id}/join-link': () =>
    client.post('/v1/organizations/{id}/join-link', { path: { id }, body: {} }),
  'GET /v1/me/api-key': () => client.get('/v1/me/api-key'),
  'POST /v1/api-keys/revoke': () => client.post('/v1/api-keys/revoke', { body: { keys: ['none'] } }),
  'GET /v1/organizations/{id}/api-key-usage': () =>
    client.get('/v1/organizations/{id}/api-key-usage', { path: { id } }),
  'GET /v1/organizations/{id}/api-keys': () =>
    client.get('/v1/organizations/{id}/api-keys', { path: { id } }),
  'POST /v1/organizations/{id}/api-keys': () =>
    client.post('/v1/organizations/{id}/api-keys', {
      path: { id },
      body: { name: 'Importer', scopes: ['members:read'] },
    }),
  'GET /v1/organizations/{id}/api-keys/{key_id}': () =>
    client.get('/v1/organizations/{id}/api-keys/{key_id}', { path: { id, key_id: id } }),
  'PATCH /v1/organizations/{id}/api-keys/{key_id}': () =>
    client.patch('/v1/organizations/{id}/api-keys/{key_id}', {
      path: { id, key_id: id },
      body: { name: 'Importer' },
    }),
  'DELETE /v1/organizations/{id}/api-keys/{key_id}': () =>
    client.delete('/v1/organizations/{id}/api-keys/{key_id}', { path: { id, key_id: id } }),
  'POST /v1/organizations/{id}/api-keys/{key_id}/rotate': () =>
    client.post('/v1/organizations/{id}/api-keys/{key_id}/rotate', {
      path: { id, key_id: id },
      body: { overlap_seconds: 0 },
    }),
  'DELETE /v1/me': () => client.delete('/v1/me', { body: { password } }),
  'POST /v1/auth/logout': () => client.post('/v1/auth/logout', { body: { refresh_token: 'none' } }),
} satisfies Record<
  RouteName,
  () => Promise<{ readonly error?: object | undefined; readonly status?: number | undefined }>
>;

test('every route of the document can be called, and is answered as its types say', async () => {
  const names = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual(Object.keys(calls).sort(), names.sort());
  await client.post('/v1/auth/register', { body: { email, password } });
  for (const [name, call] of Object.entries(calls)) {
    const [method = '', path = ''] = name.split(' ');
    const answer = await call();
    const status = answer.status ?? (answer.error && 'status' in answer.error ? answer.error.status : 0);
    assert.ok(findOperation(path, method)?.responses[String(status)], `${name} ${String(status)}`);
    assert.ok(!answer.error || !['network-error', 'unreadable-answer'].includes(answer.error.slug), name);
  }
});
