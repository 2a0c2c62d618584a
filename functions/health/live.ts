/** Whether the process answers at all. It asks nothing of anybody, so a dependency never gets us restarted. */
import { anyone } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { unlimited } from '../../lib/unlimited.ts';

export default createFunction().get('/health/live', guard({ caller: anyone, limits: unlimited }), (c) =>
  c.json({ status: 'pass' }, 200, { 'Content-Type': 'application/health+json' }),
);
