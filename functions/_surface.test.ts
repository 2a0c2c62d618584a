/** The table of contents: every endpoint, who may call it, the limits it counts against, and what a role must allow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFunctions } from '../hosts/node/functions.ts';
import { toSurface } from '../contract/surface.ts';

test('the endpoints are these, for these callers, under these limits', async () => {
  const functions = await loadFunctions(new URL('./', import.meta.url));
  const table = [...functions].map(([name, app]) => {
    const [endpoint] = toSurface(name, app).endpoints;
    const { method, path, caller, limits = [], demands = [] } = endpoint ?? {};
    return [name, method, path, caller, limits.join(' '), ...demands].join(' | ');
  });
  assert.deepEqual(table, [
    'accounts/register | POST | /v1/auth/register | anyone | auth mail mailbox',
    'browser/logout | POST | /v1/auth/browser/logout | ownApp | api',
    'browser/token | POST | /v1/auth/browser/token | ownApp | api',
    'emails/change | POST | /v1/auth/email/change | user | auth volume account mailbox',
    'emails/confirm | POST | /v1/auth/email/confirm | user | auth volume account',
    'emails/resend | POST | /v1/auth/email/resend | anyone | mail mailbox',
    'emails/verify | POST | /v1/auth/email/verify | anyone | auth volume account',
    'health/check | GET | /health | anyone | ',
    'health/live | GET | /health/live | anyone | ',
    'health/ready | GET | /health/ready | anyone | ',
    'home/show | GET | / | anyone | api',
    'issuer/describe | GET | /.well-known/oauth-authorization-server | anyone | api',
    'keys/publish | GET | /.well-known/jwks.json | anyone | api',
    'magic-links/request | POST | /v1/auth/magic-link | anyone | mail mailbox',
    'magic-links/verify | POST | /v1/auth/magic-link/verify | anyone | auth volume account',
    'me/delete | DELETE | /v1/me | user | api account',
    'me/export | GET | /v1/me/export | user | api',
    'me/read | GET | /v1/me | user | api',
    'me/update | PATCH | /v1/me | user | api',
    'openapi/publish | GET | /openapi.json | anyone | api',
    'outbox/deliver | POST | /v1/outbox/deliver | scheduler | api',
    'pages/account-delete/show | GET | /account/delete | browserUser | api',
    'pages/account-delete/submit | POST | /account/delete | browserUser | api account',
    'pages/account-devices/end | POST | /account/devices/end | browserUser | api',
    'pages/account-devices/end-others | POST | /account/devices/end-others | browserUser | api',
    'pages/account-email/show | GET | /account/email | browserUser | api',
    'pages/account-email/submit | POST | /account/email | browserUser | auth volume account mailbox',
    'pages/account-name/show | GET | /account/name | browserUser | api',
    'pages/account-name/submit | POST | /account/name | browserUser | api',
    'pages/account-password/show | GET | /account/password | browserUser | api',
    'pages/account-password/submit | POST | /account/password | browserUser | auth volume account',
    'pages/account/export | GET | /account/export | browserUser | api',
    'pages/account/show | GET | /account | browserUser | api',
    'pages/account/sign-out | POST | /account/sign-out | anyone | api',
    'pages/code/show | GET | /auth/code | anyone | api',
    'pages/code/submit | POST | /auth/code | anyone | auth volume account',
    'pages/docs/show | GET | /docs | anyone | api',
    'pages/forgot/show | GET | /auth/forgot | anyone | api',
    'pages/forgot/submit | POST | /auth/forgot | anyone | mail mailbox',
    'pages/magic-link/show | GET | /auth/magic-link | anyone | api',
    'pages/magic-link/submit | POST | /auth/magic-link | anyone | auth volume account',
    'pages/register/show | GET | /auth/register | anyone | api',
    'pages/register/submit | POST | /auth/register | anyone | auth mail mailbox',
    'pages/reset/show | GET | /auth/reset | anyone | api',
    'pages/reset/submit | POST | /auth/reset | anyone | auth volume account',
    'pages/sign-in-link/show | GET | /auth/sign-in/link | anyone | api',
    'pages/sign-in-link/submit | POST | /auth/sign-in/link | anyone | mail mailbox',
    'pages/sign-in/show | GET | /auth/sign-in | anyone | api',
    'pages/sign-in/submit | POST | /auth/sign-in | anyone | auth volume account',
    'pages/verify/show | GET | /auth/verify | anyone | api',
    'pages/verify/submit | POST | /auth/verify | anyone | mail mailbox',
    'passwords/change | POST | /v1/auth/password/change | user | auth volume account',
    'passwords/forgot | POST | /v1/auth/password/forgot | anyone | mail mailbox',
    'passwords/reset | POST | /v1/auth/password/reset | anyone | auth volume account',
    'problems/explain | GET | /problems/:slug | anyone | api',
    'resource/describe | GET | /.well-known/oauth-protected-resource | anyone | api',
    'sessions/list | GET | /v1/sessions | user | api',
    'sessions/login | POST | /v1/auth/login | anyone | auth volume account',
    'sessions/logout | POST | /v1/auth/logout | anyone | api',
    'sessions/refresh | POST | /v1/auth/refresh | anyone | api',
    'sessions/revoke | DELETE | /v1/sessions/:id | user | api',
    'sessions/revoke-others | DELETE | /v1/sessions | user | api',
    'tokens/issue | POST | /v1/auth/token | anyone | auth volume',
  ]);
});
