import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFunction } from '../../lib/http/function.ts';
import { anyone } from '../../lib/http/caller.ts';
import { guard } from '../../lib/http/guard.ts';
import { scheduler } from '../../lib/http/scheduler.ts';
import { unlimited } from '../../lib/http/unlimited.ts';
import { toLambdaHandler } from '../lambda/handler.ts';
import { toVercelFunction } from '../vercel/function.ts';
import { createScheduledReading } from '../vercel/scheduled.ts';
import { createRouter } from './router.ts';

test('what a scheduler asks for is found in a function alone and among all functions', async () => {
  const secret = 'a secret of the scheduler, long enough';
  Object.assign(process.env, {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    PUBLIC_URL: 'https://api.example.com',
    TOKEN_SECRET: 'a secret of this test that is long enough for all',
    CRON_SECRET: secret,
  });
  const alone = createFunction().post('/due', guard({ caller: scheduler, limits: unlimited }), (c) =>
    c.body(null, 204),
  );
  for (const app of [alone, createRouter([alone])]) {
    const headers = { Authorization: `Bearer ${secret}`, 'X-Vercel-Forwarded-For': '192.0.2.1' };
    // Vercel's scheduler asks by GET, whatever the endpoint takes.
    const { status } = await toVercelFunction(app, { createScheduledReading }).fetch(
      new Request('https://api.example.com/due', { headers }),
    );
    assert.equal(status, 204);
  }
});

test('a scheduled event at a function that has no endpoint for it is a failed invocation on Lambda', async () => {
  const app = createFunction().get('/x', guard({ caller: anyone, limits: unlimited }), (c) => c.text('x'));
  await assert.rejects(toLambdaHandler(app, {})({ 'detail-type': 'Scheduled Event' }), TypeError);
});
