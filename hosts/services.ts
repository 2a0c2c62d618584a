/** What every host gives to its functions, made of the environment and of the parts that the host opened. */
import type { JWK } from 'jose';
import type { Database } from '../lib/database.ts';
import type { Environment } from '../lib/env.ts';
import { createHealth, type HealthCheck } from '../lib/health.ts';
import { createJwtKeys, type JwtKeys } from '../lib/jwt.ts';
import type { Log } from '../lib/log.ts';
import type { PasswordHasher } from '../lib/password.ts';
import type { RateLimitStore } from '../lib/rate-limit/store.ts';
import type { Services } from '../lib/services.ts';
import type { Settings } from '../lib/settings.ts';

export type HostServices = Omit<Services, 'peerAddress'>;

/** The parts that are opened before the services are made, and closed after them. */
export interface HostParts {
  readonly log: Log;
  readonly database: Database & { readonly ping: () => Promise<void> };
  readonly rateLimits: { readonly store: RateLimitStore; readonly checks: readonly HealthCheck[] };
  readonly passwords: PasswordHasher;
  readonly keys: JwtKeys;
  readonly tokenSecret: string;
  /** Sees to work that goes on after the answer: `waitUntil` where the platform has it. */
  readonly background: (work: Promise<unknown>) => void;
}

/** The one place that a new service is added to. */
export function createServices(
  settings: Settings,
  { log, database, rateLimits, passwords, keys, tokenSecret }: HostParts,
): HostServices {
  return {
    settings,
    log,
    database,
    tokenSecret,
    keys,
    passwords,
    rateLimits: rateLimits.store,
    health: createHealth([
      { name: 'postgres:responseTime', onFailure: 'fail', ping: database.ping },
      ...rateLimits.checks,
    ]),
    outbox: { wake: () => undefined, deliver: () => Promise.resolve({ sent: 0, failed: 0, dead: 0 }) },
  };
}

export function createKeys(privateKeys: readonly JWK[], settings: Settings): Promise<JwtKeys> {
  return createJwtKeys(privateKeys, { issuer: settings.publicUrl });
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
