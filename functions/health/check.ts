/**
 * The same as ready, with what was measured: for people and monitors. Errors are told only to who knows HEALTH_TOKEN.
 * A monitor that looks at statuses alone asks with `fail_on=warn`.
 */
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import type { CheckResult } from '../../lib/core/health.ts';
import { holdsSecret } from '../../lib/core/shared-secret.ts';
import { unlimited } from '../../lib/http/unlimited.ts';

export default createFunction('health').get(
  '/health',
  guard({ caller: anyone, limits: unlimited }),
  async (c) => {
    const { status, results, note, uptimeSeconds } = await c.env.health.report();
    const trusted = holdsSecret(c.req.header('authorization'), c.env.settings.healthToken);
    const checks = {
      ...Object.fromEntries(results.map((result) => [result.name, [describe(result, trusted)]])),
      uptime: [{ componentType: 'system', observedValue: uptimeSeconds, observedUnit: 's', status: 'pass' }],
    };
    // A value that is misspelt is no reason to keep silent.
    const failed = status === 'fail' || (status === 'warn' && c.req.query('fail_on') !== undefined);
    return c.json({ status, ...(note !== undefined && { notes: [note] }), checks }, failed ? 503 : 200, {
      'Content-Type': 'application/health+json',
      ...(failed && { 'Retry-After': '5' }),
    });
  },
);

function describe({ status, responseTimeMs, time, affectedEndpoints, error }: CheckResult, trusted: boolean) {
  return {
    componentType: 'datastore',
    observedValue: responseTimeMs,
    observedUnit: 'ms',
    status,
    time,
    affectedEndpoints,
    ...(trusted && { output: error }),
  };
}
