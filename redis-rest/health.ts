/** The health routes. Redis is all that this server has to offer, so without it the answer is 503. */

import type { Redis } from './redis.ts';

interface Health {
  readonly status: 200 | 503;
  readonly contentType: string;
  readonly body: unknown;
}

export interface HealthChecks {
  /** The answer of a health route; undefined for any other path. */
  readonly find: (path: string) => Promise<Health> | undefined;
}

const timeoutMs = 500;
const cacheMs = 1000;

interface Measurement {
  readonly isUp: boolean;
  readonly milliseconds: number;
  readonly time: string;
}

export function createHealthChecks(
  redis: Pick<Redis, 'run'>,
  { isDraining }: { readonly isDraining: () => boolean },
): HealthChecks {
  const startedAt = performance.now();
  let latest: { readonly at: number; readonly measurement: Promise<Measurement> } | undefined;

  /** One check at a time, and its result for a second: monitors cost Redis nothing. */
  function measure(): Promise<Measurement> {
    const now = performance.now();
    if (latest === undefined || now - latest.at >= cacheMs) latest = { at: now, measurement: ping(redis) };
    return latest.measurement;
  }

  async function ready(): Promise<Health> {
    const { isUp } = await measure();
    const passes = isUp && !isDraining();
    return {
      status: passes ? 200 : 503,
      contentType: 'application/json',
      body: { status: passes ? 'pass' : 'fail', checks: { redis: isUp ? 'pass' : 'fail' } },
    };
  }

  /** draft-inadarei-api-health-check-06. */
  async function whole(): Promise<Health> {
    const { isUp, milliseconds, time } = await measure();
    const passes = isUp && !isDraining();
    return {
      status: passes ? 200 : 503,
      contentType: 'application/health+json',
      body: {
        status: passes ? 'pass' : 'fail',
        checks: {
          'redis:responseTime': [
            {
              componentType: 'datastore',
              status: isUp ? 'pass' : 'fail',
              ...(isUp && { observedValue: milliseconds, observedUnit: 'ms' }),
              time,
            },
          ],
          uptime: [
            {
              componentType: 'system',
              status: 'pass',
              observedValue: Math.round((performance.now() - startedAt) / 1000),
              observedUnit: 's',
            },
          ],
        },
      },
    };
  }

  return {
    find(path) {
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
  };
}

async function ping(redis: Pick<Redis, 'run'>): Promise<Measurement> {
  const startedAt = performance.now();
  const time = new Date().toISOString();
  const isUp = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(resolve, timeoutMs, false);
    void redis.run([['PING']], 'json').then(([pong]) => {
      clearTimeout(timer);
      resolve(Buffer.isBuffer(pong));
    });
  });
  return { isUp, milliseconds: Math.round((performance.now() - startedAt) * 1000) / 1000, time };
}
