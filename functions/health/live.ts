/** Whether the process answers at all. It asks nothing of anybody, so a dependency never gets us restarted. */
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { unlimited } from '../../lib/http/unlimited.ts';

export default createFunction().get('/health/live', guard({ caller: anyone, limits: unlimited }), (c) =>
  c.json({ status: 'pass' }, 200, { 'Content-Type': 'application/health+json' }),
);
