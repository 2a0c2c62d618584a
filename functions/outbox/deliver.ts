/** Sends the emails that are due, for platforms that have no process to do it: their scheduler calls it every minute. */
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { scheduler } from '../../lib/http/scheduler.ts';

export default createFunction('database', 'outbox').post(
  '/v1/outbox/deliver',
  guard({ caller: scheduler, limits: limit(api) }),
  async (c) => {
    const { sent, failed, dead } = await c.env.outbox.deliver();
    return c.json({ sent, failed, dead });
  },
);
