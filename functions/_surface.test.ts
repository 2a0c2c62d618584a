/** The table of contents: every door, who may call it, and the limits it counts against. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFunctions } from '../hosts/node/functions.ts';
import { toSurface } from '../scripts/build/check.ts';

test('the doors are these, for these callers, under these limits', async () => {
  const functions = await loadFunctions(new URL('./', import.meta.url));
  const table = [...functions].map(([name, app]) => {
    const [door] = toSurface(name, app).doors;
    return [name, door?.method, door?.path, door?.caller, door?.limits.join(' ')].join(' | ');
  });
  assert.deepEqual(table, [
    'accounts/register | POST | /v1/auth/register | anyone | auth mailbox',
    'emails/change | POST | /v1/auth/email/change | user | auth account mailbox',
    'emails/confirm | POST | /v1/auth/email/confirm | anyone | auth',
    'emails/resend | POST | /v1/auth/email/resend | anyone | auth mailbox',
    'emails/verify | POST | /v1/auth/email/verify | anyone | auth',
    'health/check | GET | /health | anyone | ',
    'health/live | GET | /health/live | anyone | ',
    'health/ready | GET | /health/ready | anyone | ',
    'keys/publish | GET | /.well-known/jwks.json | anyone | api',
    'letters/send | POST | /v1/letters/send | scheduler | api',
    'magic-links/request | POST | /v1/auth/magic-link | anyone | auth mailbox',
    'magic-links/verify | POST | /v1/auth/magic-link/verify | anyone | auth',
    'me/delete | DELETE | /v1/me | user | api account',
    'me/export | GET | /v1/me/export | user | api',
    'me/read | GET | /v1/me | user | api',
    'me/update | PATCH | /v1/me | user | api',
    'passwords/change | POST | /v1/auth/password/change | user | auth account',
    'passwords/forgot | POST | /v1/auth/password/forgot | anyone | auth mailbox',
    'passwords/reset | POST | /v1/auth/password/reset | anyone | auth',
    'problems/explain | GET | /problems/:slug | anyone | api',
    'sessions/list | GET | /v1/sessions | user | api',
    'sessions/login | POST | /v1/auth/login | anyone | auth account',
    'sessions/logout | POST | /v1/auth/logout | anyone | api',
    'sessions/refresh | POST | /v1/auth/refresh | anyone | api',
    'sessions/revoke | DELETE | /v1/sessions/:id | user | api',
    'sessions/revoke-others | DELETE | /v1/sessions | user | api',
  ]);
});
