/** What every host gives to its functions, made of the environment and of the parts that the host opened. */
import type { Database } from '../../db/sql.ts';
import type { Environment } from '../../lib/core/env.ts';
import { createHealth, type HealthCheck } from '../../lib/core/health.ts';
import type { JwtKeys } from '../../lib/security/jwt.ts';
import type { Log } from '../../lib/core/log.ts';
import type { PasswordHasher } from '../../lib/security/password.ts';
import type { Outbox } from '../../lib/mail/outbox.ts';
import type { RateLimitStore } from '../../lib/rate-limit/store.ts';
import type { Services } from '../../lib/http/services.ts';
import type { Settings } from '../../lib/core/settings.ts';

export type HostServices = Omit<Services, 'peerAddress'>;

/** The parts that are opened before the services are made, and closed after them. */
export interface HostParts {
  readonly log: Log;
  readonly database: Database & { readonly ping: () => Promise<void> };
  readonly rateLimits: { readonly store: RateLimitStore; readonly checks: readonly HealthCheck[] };
  readonly passwords: PasswordHasher;
  readonly keys: JwtKeys;
  readonly outbox: Outbox;
  readonly tokenSecret: string;
  /** Sees to work that goes on after the answer: `waitUntil` where the platform has it. */
  readonly background: (work: Promise<unknown>) => void;
}

/**
 * The one place that a new service is added to. A bundle opens only the parts that its function asks for
 * (`scripts/bundle/needs.ts`); the services of the others are not there, and nobody looks for them.
 */
export function createServices(
  settings: Settings,
  parts: Partial<HostParts> & Pick<HostParts, 'rateLimits'>,
) {
  const { log, database, rateLimits, passwords, keys, outbox, tokenSecret } = parts;
  const checks: HealthCheck[] = [...rateLimits.checks];
  if (database) checks.unshift({ name: 'postgres:responseTime', onFailure: 'fail', ping: database.ping });
  return {
    settings,
    log,
    database,
    tokenSecret,
    keys,
    passwords,
    outbox,
    rateLimits: rateLimits.store,
    health: createHealth(checks),
  } as HostServices;
}

export function toSettings(environment: Environment): Settings {
  const { PUBLIC_URL, PORT, NODE_ENV, REQUIRE_EMAIL_VERIFICATION, HEALTH_TOKEN } = environment;
  const { TRUSTED_PROXIES, TRUSTED_PROXY_HOPS = 0, CORS_ORIGINS = [] } = environment;
  const production = NODE_ENV === 'production';
  return {
    publicUrl: new URL(PUBLIC_URL ?? `http://localhost:${PORT}`).origin,
    trustedProxies: TRUSTED_PROXIES ? { networks: TRUSTED_PROXIES } : { hops: TRUSTED_PROXY_HOPS },
    corsOrigins: new Set(CORS_ORIGINS),
    requireEmailVerification:
      REQUIRE_EMAIL_VERIFICATION === undefined ? production : REQUIRE_EMAIL_VERIFICATION === 'true',
    signUpOpen: environment.SIGN_UP === 'open',
    redirectOrigins: new Set(environment.REDIRECT_ALLOWLIST),
    cronSecret: environment.CRON_SECRET,
    healthToken: HEALTH_TOKEN,
  };
}
