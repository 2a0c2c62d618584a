/** Whether requests should be sent here: for load balancers. Redis being away is no reason to stay away from us. */
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { unlimited } from '../../lib/http/unlimited.ts';

export default createFunction('health').get(
  '/health/ready',
  guard({ caller: anyone, limits: unlimited }),
  async (c) => {
    const { status, results, note } = await c.env.health.report();
    const checks = Object.fromEntries(results.map((result) => [result.name, [{ status: result.status }]]));
    return c.json(
      { status, ...(note !== undefined && { notes: [note] }), checks },
      status === 'fail' ? 503 : 200,
      {
        'Content-Type': 'application/health+json',
        ...(status === 'fail' && { 'Retry-After': '5' }),
      },
    );
  },
);
