/**
 * What is measured, under the names of the semantic conventions where they have one
 * (https://opentelemetry.io/docs/specs/semconv/general/metrics/), and under `blockbot.` where they have none.
 */
import type { Attributes, Meter } from '@opentelemetry/api';
import type { DatabaseClient } from '../../../db/client.ts';
import type { FunctionApp } from '../../../lib/http/function.ts';
import type { ResponseRecord, Services } from '../../../lib/http/services.ts';
import type { RateLimitStore } from '../../../lib/rate-limit/store.ts';
import type { PasswordHasher } from '../../../lib/security/password.ts';
import { countDecisions } from '../../core/counted-decisions.ts';
import { createOutboxBacklog } from '../../core/outbox-backlog.ts';
import type { RateLimits } from '../../core/shared-rate-limits.ts';
import { toMethod } from './request-spans.ts';

/** Seconds, of the convention's own choice. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

type Router = Pick<FunctionApp, 'fetch'>;

export function measureRequests(router: Router, meter: Meter): Router {
  const duration = meter.createHistogram('http.server.request.duration', {
    unit: 's',
    description: 'From the request to its answer.',
    advice: { explicitBucketBoundaries: bounds },
  });
  const record = ({ method, route, status, durationMs }: ResponseRecord) =>
    duration.record(durationMs / 1000, {
      'http.request.method': toMethod(method),
      'http.response.status_code': status,
      ...(route !== 'none' && { 'http.route': route }),
      ...(status >= 500 && { 'error.type': String(status) }),
    });
  return {
    fetch: (request, services: Partial<Services> = {}) => {
      const onResponse = (answered: ResponseRecord) => {
        services.onResponse?.(answered);
        record(answered);
      };
      return router.fetch(request, { ...services, onResponse });
    },
  };
}

export function measureDecisions(store: RateLimitStore, meter: Meter): RateLimitStore {
  const decisions = meter.createCounter('blockbot.rate_limit.decisions', { unit: '{decision}' });
  return countDecisions(store, ({ policy, outcome, mode }) =>
    decisions.add(1, {
      'blockbot.rate_limit.policy': policy,
      'blockbot.rate_limit.outcome': outcome,
      'blockbot.rate_limit.mode': mode,
    }),
  );
}

type Figures = readonly (readonly [value: number, attributes?: Attributes])[];

function createObserver(meter: Meter) {
  return (name: string, unit: string, read: () => Figures | Promise<Figures>): void => {
    meter.createObservableUpDownCounter(name, { unit }).addCallback(async (result) => {
      for (const [value, attributes] of await read()) result.observe(value, attributes);
    });
  };
}

export function measureDatabase({ pool, sql }: Pick<DatabaseClient, 'pool' | 'sql'>, meter: Meter): void {
  const observe = createObserver(meter);
  const of = { 'db.client.connection.pool.name': 'postgres' };
  observe('db.client.connection.count', '{connection}', () => [
    [pool().busy, { ...of, 'db.client.connection.state': 'used' }],
    [pool().idle, { ...of, 'db.client.connection.state': 'idle' }],
  ]);
  observe('db.client.connection.max', '{connection}', () => [[pool().max, of]]);
  observe('db.client.connection.pending_requests', '{request}', () => [[pool().waiting, of]]);
  const ask = createOutboxBacklog(sql);
  observe('blockbot.outbox.emails', '{email}', async () => {
    const backlog = await ask();
    return backlog
      ? [
          [backlog.waiting, { 'blockbot.email.state': 'waiting' }],
          [backlog.dead, { 'blockbot.email.state': 'dead' }],
        ]
      : [];
  });
  observe('blockbot.outbox.oldest', 's', async () => {
    const backlog = await ask();
    return backlog ? [[backlog.oldest]] : [];
  });
}

export function measureProcess(
  { stats }: Pick<PasswordHasher, 'stats'>,
  { state }: Pick<RateLimits, 'state'>,
  meter: Meter,
): void {
  const observe = createObserver(meter);
  observe('blockbot.password.hashes', '{hash}', () => [
    [stats().running, { 'blockbot.hash.state': 'running' }],
    [stats().waiting, { 'blockbot.hash.state': 'waiting' }],
  ]);
  observe('blockbot.rate_limit.degraded', '1', () => [[state().degraded ? 1 : 0]]);
  observe('process.memory.usage', 'By', () => [[process.memoryUsage.rss()]]);
}
