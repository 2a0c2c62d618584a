/** The health routes. Redis is all that this server has to offer, so without it the status is 503. */
import { createHealth } from '../lib/core/health.ts';
import type { Redis } from './redis.ts';

interface HealthResponse {
  readonly status: 200 | 503;
  readonly contentType: string;
  readonly body: unknown;
}

export interface HealthRoutes {
  /** The response of a health route; undefined for any other path. */
  readonly find: (path: string) => Promise<HealthResponse> | undefined;
  /** From now on nothing is ready. */
  readonly drain: () => void;
}

export function createHealthRoutes(redis: Pick<Redis, 'run'>): HealthRoutes {
  const health = createHealth([
    {
      name: 'redis:responseTime',
      onFailure: 'fail',
      ping: async () => {
        const [pong] = await redis.run([['PING']], 'json');
        if (!Buffer.isBuffer(pong)) throw new Error('no PONG');
      },
    },
  ]);

  async function ready(): Promise<HealthResponse> {
    const { status, results } = await health.report();
    return {
      status: status === 'fail' ? 503 : 200,
      contentType: 'application/json',
      body: { status, checks: { redis: results[0]?.status } },
    };
  }

  /** draft-inadarei-api-health-check-06. */
  async function whole(): Promise<HealthResponse> {
    const { status, results, uptimeSeconds } = await health.report();
    const checks = results.map((result) => [
      result.name,
      [
        {
          componentType: 'datastore',
          status: result.status,
          ...(result.status === 'pass' && { observedValue: result.responseTimeMs, observedUnit: 'ms' }),
          time: result.time,
        },
      ],
    ]);
    const uptime = {
      componentType: 'system',
      status: 'pass',
      observedValue: uptimeSeconds,
      observedUnit: 's',
    };
    return {
      status: status === 'fail' ? 503 : 200,
      contentType: 'application/health+json',
      body: { status, checks: { ...Object.fromEntries(checks), uptime: [uptime] } },
    };
  }

  return {
    find: (path) => {
      switch (path) {
        case '/health/live':
          return Promise.resolve({ status: 200, contentType: 'application/json', body: { status: 'pass' } });
        case '/health/ready':
          return ready();
        case '/health':
          return whole();
        default:
          return undefined;
      }
    },
    drain: () => health.setPhase('draining'),
  };
}
