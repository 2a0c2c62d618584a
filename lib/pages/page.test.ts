import assert from 'node:assert/strict';
import test from 'node:test';
import { HTTPException } from 'hono/http-exception';
import { createBareServices } from '../../test/support/bare-services.ts';
import { anyone } from '../http/caller.ts';
import { createFunction } from '../http/function.ts';
import { guard } from '../http/guard.ts';
import { unlimited } from '../http/unlimited.ts';
import { page } from './page.ts';

const failing = (fail: () => Error) =>
  createFunction().get('/fails', page(), guard({ caller: anyone, limits: unlimited }), () => {
    throw fail();
  });

test('a page tells what Hono refuses as a page with the status that it has', async () => {
  for (const status of [413, 429, 503] as const) {
    const app = failing(() => new HTTPException(status, { message: 'canary' }));
    const response = await app.request('/fails', {}, createBareServices().services);
    assert.equal(response.status, status);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    assert.doesNotMatch(await response.text(), /canary/);
  }
});

test('a page keeps a status of Hono that none of its words say', async () => {
  const app = failing(() => new HTTPException(451));
  assert.equal((await app.request('/fails', {}, createBareServices().services)).status, 451);
});

test('a page tells a bug as a page of status 500', async () => {
  const app = failing(() => new Error('canary'));
  const response = await app.request('/fails', {}, createBareServices().services);
  assert.equal(response.status, 500);
  assert.match(await response.text(), /Request ID/);
});
