/** What the Node host gives to its functions, made from the environment. */
import { availableParallelism } from 'node:os';
import type { DatabaseClient } from '../../db/client.ts';
import { createHealth } from '../../lib/health.ts';
import { createJwtKeys } from '../../lib/jwt.ts';
import type { JWK } from 'jose';
import type { Environment } from '../../lib/env.ts';
import type { Log } from '../../lib/log.ts';
import { createPasswordHasher } from '../../lib/password.ts';
import { scrypt } from '../../lib/scrypt.ts';
import type { Settings } from '../../lib/settings.ts';
import { argon2id } from './argon2.ts';
import type { RateLimits } from './rate-limits.ts';
import type { HostServices } from './server.ts';

/** The parts that are opened before the services are made, and closed after them. */
export interface HostParts {
  readonly log: Log;
  readonly database: DatabaseClient;
  readonly rateLimits: RateLimits;
  readonly tokenSecret: string;
  readonly privateKeys: readonly JWK[];
}

export async function createServices(
  environment: Environment,
  { log, database, rateLimits, tokenSecret, privateKeys }: HostParts,
): Promise<HostServices> {
  const settings = toSettings(environment);
  return {
    settings,
    log,
    database,
    tokenSecret,
    keys: await createJwtKeys(privateKeys, { issuer: settings.publicUrl }),
    rateLimits: rateLimits.store,
    // One core stays free for everything that is no hash; a login waits for at most some tens of others.
    passwords: createPasswordHasher([argon2id, scrypt], {
      concurrency: Math.max(1, availableParallelism() - 1),
      queue: 64,
    }),
    outbox: { wake: () => undefined, deliver: () => Promise.resolve({ sent: 0, failed: 0, dead: 0 }) },
    health: createHealth([
      { name: 'postgres:responseTime', onFailure: 'fail', ping: database.ping },
      ...rateLimits.checks,
    ]),
  };
}

function toSettings(environment: Environment): Settings {
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
