/**
 * Traces and metrics over OTLP. It wraps what the host opens, so that nothing else knows of it; each wrapper answers what it was
 * given, and does nothing where that signal was not asked for.
 */
import { diag, DiagLogLevel } from '@opentelemetry/api';
import type { Requester } from '@upstash/redis';
import type { DatabaseClient } from '../../../db/client.ts';
import { withDeadline } from '../../../db/deadline.ts';
import type { FunctionApp } from '../../../lib/http/function.ts';
import type { Log } from '../../../lib/core/log.ts';
import type { Transport } from '../../../lib/mail/transport.ts';
import type { PasswordHasher } from '../../../lib/security/password.ts';
import type { RateLimits } from '../../core/shared-rate-limits.ts';
import type { Signals } from './asked.ts';
import { traceDatabase } from './database-spans.ts';
import { traceFetches } from './fetch-spans.ts';
import { measureDatabase, measureDecisions, measureProcess, measureRequests } from './instruments.ts';
import { traceTransport } from './mail-spans.ts';
import { tracePasswords } from './password-spans.ts';
import { toTraceHeaders } from './propagation.ts';
import { createMeter, createResource, createTracer } from './providers.ts';
import { traceRequester } from './redis-spans.ts';
import { traceRequests } from './request-spans.ts';

export interface Telemetry {
  readonly database: <Client extends DatabaseClient>(client: Client) => Client;
  readonly requester: <Client extends Requester>(requester: Client) => Client;
  readonly traceHeaders: () => Readonly<Record<string, string>>;
  readonly rateLimits: <Limits extends RateLimits>(limits: Limits) => Limits;
  readonly passwords: <Hasher extends PasswordHasher>(passwords: Hasher, limits: RateLimits) => Hasher;
  readonly transport: <Client extends Transport>(transport: Client) => Client;
  readonly router: (router: Pick<FunctionApp, 'fetch'>) => Pick<FunctionApp, 'fetch'>;
  /** Sends what is gathered, for two seconds at most: whoever collects it may be away. */
  readonly close: () => Promise<void>;
}

const closeWithinMs = 2000;
const logEveryMs = 60_000;

export function startTelemetry(
  signals: Signals,
  { revision = 'unknown', log }: { revision?: string | undefined; log: Log },
): Telemetry {
  tellFaults(log);
  const resource = createResource(revision);
  const traces = signals.traces ? createTracer(resource) : undefined;
  const metrics = signals.metrics ? createMeter(resource) : undefined;
  const tracer = traces?.instrument;
  const meter = metrics?.instrument;
  const endFetches = tracer && traceFetches(tracer);
  return {
    database: (client) => {
      // Its own question is nobody's request.
      if (meter) measureDatabase(client, meter);
      return tracer ? traceDatabase(client, tracer) : client;
    },
    requester: (requester) => (tracer ? traceRequester(requester, tracer) : requester),
    traceHeaders: tracer ? () => toTraceHeaders() : () => ({}),
    rateLimits: (limits) => (meter ? { ...limits, store: measureDecisions(limits.store, meter) } : limits),
    passwords: (passwords, limits) => {
      if (meter) measureProcess(passwords, limits, meter);
      return tracer ? tracePasswords(passwords, tracer) : passwords;
    },
    transport: (transport) => (tracer ? traceTransport(transport, tracer) : transport),
    router: (router) => {
      const measured = meter ? measureRequests(router, meter) : router;
      return tracer ? traceRequests(measured, tracer) : measured;
    },
    close: async () => {
      endFetches?.();
      const closed = Promise.allSettled([traces?.close(), metrics?.close()]);
      await withDeadline(closeWithinMs, closed, () => new Error('telemetry')).catch(() => undefined);
    },
  };
}

/** While nobody takes it, the library says so at every batch. */
function tellFaults(log: Log): void {
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (message: string) => {
    if (performance.now() - toldAt < logEveryMs) return;
    toldAt = performance.now();
    log.warn('telemetry is not sent', { reason: message.slice(0, 300) });
  };
  const silent = () => undefined;
  const logger = { error: tell, warn: tell, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
