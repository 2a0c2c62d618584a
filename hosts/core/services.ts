/** What every host gives to its functions, made of the environment and of the parts that the host opened. */
import type { Database } from '../../db/sql.ts';
import type { ApiKeys } from '../../lib/http/api-keys.ts';
import type { Environment } from '../../lib/core/env.ts';
import type { Health, HealthCheck } from '../../lib/core/health.ts';
import type { JwtKeys } from '../../lib/security/jwt.ts';
import type { Log } from '../../lib/core/log.ts';
import type { Passwords } from '../../lib/security/password.ts';
import type { Outbox } from '../../lib/mail/outbox.ts';
import type { IdempotencyStore } from '../../lib/idempotency/store.ts';
import type { RateLimitStore } from '../../lib/rate-limit/store.ts';
import type { Services } from '../../lib/http/services.ts';
import type { Settings } from '../../lib/core/settings.ts';
import type { Keyring } from '../../lib/core/keyring.ts';

/** The services of one host: those that every function has, and of the others what the host opened. */
export type HostServices = Omit<Services<never>, 'peerAddress' | 'rateLimits'> & Partial<Services>;

interface OpenedRateLimits {
  readonly store: RateLimitStore;
  readonly checks: readonly HealthCheck[];
}

/** What is opened before the services are made, and closed after them. */
export interface OpenedParts {
  readonly log: Log;
  readonly keyring: Keyring;
  readonly rateLimits?: OpenedRateLimits;
  readonly database?: Database & { readonly ping: () => Promise<void> };
  readonly health?: Health;
  readonly passwords?: Passwords;
  readonly keys?: JwtKeys;
  readonly outbox?: Outbox;
  readonly apiKeys?: ApiKeys;
  readonly idempotency?: IdempotencyStore;
}

/** The one place that a new service is added to. A bundle opens only what its functions declare (`createFunction`). */
export function createServices<Parts extends OpenedParts>(
  settings: Settings,
  { rateLimits, ...parts }: Parts,
) {
  return { ...parts, settings, ...(rateLimits && { rateLimits: rateLimits.store }) };
}

/** What health asks of the parts of a host. */
export function findHealthChecks({
  database,
  rateLimits,
}: Pick<OpenedParts, 'database' | 'rateLimits'>): readonly HealthCheck[] {
  return [
    ...(database ? [{ name: 'postgres:responseTime', onFailure: 'fail' as const, ping: database.ping }] : []),
    ...(rateLimits?.checks ?? []),
  ];
}

export function toSettings(environment: Environment): Settings {
  const { PUBLIC_URL, PORT, NODE_ENV, REQUIRE_EMAIL_VERIFICATION, HEALTH_TOKEN } = environment;
  const { TRUSTED_PROXIES, TRUSTED_PROXY_HOPS = 0, CORS_ORIGINS = [] } = environment;
  const production = NODE_ENV === 'production';
  return {
    publicUrl: new URL(PUBLIC_URL ?? `http://localhost:${PORT}`).origin,
    trustedProxies: TRUSTED_PROXIES ? { networks: TRUSTED_PROXIES } : { hops: TRUSTED_PROXY_HOPS },
    corsOrigins: new Set(CORS_ORIGINS),
    cookieOrigins: new Set(environment.COOKIE_ORIGINS),
    requireEmailVerification:
      REQUIRE_EMAIL_VERIFICATION === undefined ? production : REQUIRE_EMAIL_VERIFICATION === 'true',
    signUpOpen: environment.SIGN_UP === 'open',
    // A new release must not put up a page on somebody's domain by itself.
    homePage: environment.HOME_PAGE ?? (production ? 'hide' : 'show'),
    redirectOrigins: new Set(environment.REDIRECT_ALLOWLIST),
    gateAudiences: new Set(environment.GATE_AUDIENCES),
    cronSecret: environment.CRON_SECRET,
    backendToken: environment.BACKEND_TOKEN,
    healthToken: HEALTH_TOKEN,
  };
}
