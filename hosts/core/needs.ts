/**
 * What a host opens for a function: the services that it declares (`createFunction`), so that an endpoint without a database carries
 * no driver and needs no DATABASE_URL.
 */
import { type FunctionApp, servicesOf } from '../../lib/http/function.ts';
import { rulesOf } from '../../lib/http/guard.ts';
import { findScheduledPaths } from './scheduled.ts';

export interface Needs {
  readonly database: boolean;
  readonly keys: boolean;
  readonly passwords: boolean;
  readonly outbox: boolean;
  readonly apiKeys: boolean;
  readonly idempotency: boolean;
  readonly rateLimits: boolean;
  readonly health: boolean;
  /** An endpoint for the platform's own scheduler. */
  readonly scheduled: boolean;
}

export function toNeeds(app: FunctionApp): Needs {
  const services = servicesOf(app);
  const isLimited = app.routes.some(({ handler }) => (rulesOf(handler)?.limits.policies.length ?? 0) > 0);
  return {
    // Emails wait in the database, and health asks how it is.
    database: services.has('database') || services.has('health') || services.has('outbox'),
    keys: services.has('keys'),
    passwords: services.has('passwords'),
    outbox: services.has('outbox'),
    apiKeys: services.has('apiKeys'),
    idempotency: services.has('idempotency'),
    // Who asks for nothing revokes no tokens and has no health to tell either.
    rateLimits: isLimited || services.size > 0,
    health: services.has('health'),
    scheduled: findScheduledPaths(app).size > 0,
  };
}
