/**
 * What is the same on every platform: the environment is read at the first request, the services are made of it, and one
 * request is answered. An adapter beside it says only where its platform differs.
 */
import type { FunctionApp } from '../../lib/http/function.ts';
import type { createDatabaseClient } from '../../db/client.ts';
import type { readConnectionString } from '../../lib/core/connection-string-variable.ts';
import type { createHealth } from '../../lib/core/health.ts';
import { EnvironmentError } from '../../lib/core/variables.ts';
import { createLog } from '../../lib/core/log.ts';
import type { createJwtKeys } from '../../lib/security/jwt.ts';
import { Problem } from '../../lib/core/problem.ts';
import type { RateLimitStore } from '../../lib/rate-limit/store.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import type { createKeyParts } from './api-keys.ts';
import { type Background, logFailures } from './background.ts';
import { parseHostEnvironment, type Bindings } from './environment.ts';
import type { createIdempotency } from './idempotency.ts';
import type { createOutbox } from './outbox.ts';
import type { Permits } from './permits.ts';
import type { preparePasswords } from './passwords.ts';
import type { createRestRateLimits } from './rate-limits.ts';
import { refuse } from './refuse.ts';
import { createServices, findHealthChecks, toSettings } from './services.ts';
import { createKeyring } from '../../lib/core/keyring.ts';

/** What is bundled only with a function that asks for it. */
export interface ServiceFactories {
  readonly createDatabaseClient?: typeof createDatabaseClient;
  readonly readConnectionString?: typeof readConnectionString;
  readonly createJwtKeys?: typeof createJwtKeys;
  readonly createOutbox?: typeof createOutbox;
  readonly createIdempotency?: typeof createIdempotency;
  readonly preparePasswords?: typeof preparePasswords;
  readonly createKeyParts?: typeof createKeyParts;
  readonly createRestRateLimits?: typeof createRestRateLimits;
  readonly createHealth?: typeof createHealth;
}

export interface Platform {
  /** Database connections at most. */
  readonly connections: number;
  /** On Workers a socket belongs to the request that opened it, and nobody may wait for the promise of another request. */
  readonly opensForEachRequest?: boolean;
  /** By which requests take turns there: one client each, by permit, closed after the answer. */
  readonly permits?: Permits | undefined;
  /** Whether the platform itself tells who calls. */
  readonly providesClientAddress: boolean;
}

export interface Invocation {
  /** Who calls, as the platform saw it and nobody else could write it. */
  readonly peerAddress: string;
  /** Keeps the platform from freezing or ending us before this work is done. */
  readonly background: Background;
}

export interface Host {
  readonly answer: (request: Request, bindings: Bindings, invocation: Invocation) => Promise<Response>;
  /** From now on health says that no new work is wanted. */
  readonly drain: () => void;
  /** Closes the database connections that are kept. */
  readonly close: () => Promise<void>;
}

// What a platform gathers as its log.
const write = (line: string) => {
  globalThis.console.log(line);
};

export function createHost(app: FunctionApp, parts: ServiceFactories, platform: Platform): Host {
  let prepared: Prepared | undefined;
  let kept: OpenServices | undefined;
  let told = false;
  let draining = false;
  const log = createLog({ write });

  async function open(bindings: Bindings, background: Background): Promise<OpenServices> {
    // The value is kept and not its promise: on Workers, whoever waits for another request's promise waits forever.
    prepared ??= await prepare(bindings, parts, platform);
    if (platform.opensForEachRequest) return prepared.open(background);
    return (kept ??= prepared.open(background));
  }

  function refuseAll(error: unknown): Response {
    const requestId = createUuid();
    if (!(error instanceof EnvironmentError)) {
      log.error('the start failed', { request_id: requestId }, error);
      return refuse(new Problem('internal-error'), '', requestId);
    }
    if (!told) {
      told = true;
      log.error('misconfigured', { request_id: requestId, faults: error.faults.join('; ') });
    }
    const detail = 'This deployment is misconfigured; its log names what is wrong';
    return refuse(new Problem('internal-error', { detail }), '', requestId);
  }

  return {
    answer: async (request, bindings, { peerAddress, ...invocation }) => {
      const background = logFailures(invocation.background, log);
      let opened: OpenServices;
      try {
        opened = await open(bindings, background);
      } catch (error) {
        return refuseAll(error);
      }
      const services = opened.toServices(background);
      if (draining) services.health?.setPhase('draining');
      try {
        return await app.fetch(request, { ...services, peerAddress });
      } finally {
        const writing = opened.writeUsage();
        if (opened !== kept) background(Promise.resolve(writing).finally(opened.close));
        else if (writing) background(writing);
      }
    },
    drain: () => {
      draining = true;
    },
    close: async () => {
      await kept?.writeUsage(true)?.catch(() => undefined);
      await kept?.close();
    },
  };
}

/** What is wrong with keys is only known when they are imported: two of one kid, a curve that is not of the algorithm. */
function throwKeyFault(error: unknown): never {
  if (!(error instanceof TypeError)) throw error;
  throw new EnvironmentError([`JWT_PRIVATE_KEYS: ${error.message}`]);
}

type Checks = Parameters<RateLimitStore['take']>[0];

export type Prepared = Awaited<ReturnType<typeof prepare>>;
export type OpenServices = ReturnType<Prepared['open']>;

/**
 * What may be kept from request to request wherever it runs: plain data. `open` adds what holds sockets.
 *
 * @throws {EnvironmentError} with every fault
 */
export async function prepare(
  bindings: Bindings,
  parts: ServiceFactories,
  { providesClientAddress, connections, permits, opensForEachRequest = false }: Platform,
) {
  const { createDatabaseClient, createJwtKeys, createOutbox, preparePasswords } = parts;
  const { createKeyParts, createIdempotency, createRestRateLimits, createHealth } = parts;
  const environment = parseHostEnvironment(bindings, {
    providesClientAddress,
    databaseUrl: parts.readConnectionString,
    required: [
      'PUBLIC_URL',
      'TOKEN_SECRET',
      ...(createDatabaseClient ? ['DATABASE_URL'] : []),
      ...(createJwtKeys ? ['JWT_PRIVATE_KEYS'] : []),
      ...(createIdempotency ? ['UPSTASH_REDIS_REST_URL'] : []),
    ],
  });
  const {
    DATABASE_URL: url = '',
    JWT_PRIVATE_KEYS = [],
    TOKEN_SECRET = [],
    LOG_LEVEL,
    AUDIENCE: audience,
  } = environment;
  const settings = toSettings(environment);
  const keyring = createKeyring(TOKEN_SECRET);
  const log = createLog({ write, level: LOG_LEVEL });
  if (createOutbox && environment.RESEND_API_KEY === undefined) {
    const cause = 'RESEND_API_KEY is not set: they wait until another host on this database sends them';
    log.warn('emails are not sent here', { cause });
  }
  const keys = await createJwtKeys?.(JWT_PRIVATE_KEYS, { issuer: settings.publicUrl, audience }).catch(
    throwKeyFault,
  );
  const openPasswords = preparePasswords?.(environment, log);
  const mayShare = !opensForEachRequest;
  const rateLimits = createRestRateLimits?.(environment, { log, keyring }, { together: mayShare });
  const keyParts = createKeyParts?.({ sharesLookUps: mayShare });
  const idempotency = createIdempotency?.(environment, keyring);

  /** @param background of the one request that it is opened for, where nothing is kept */
  function open(background: Background) {
    const client = createDatabaseClient?.({ url, max: connections, log });
    const database = client && permits ? permits.database(client, background) : client;
    const ownPasswords = openPasswords?.();
    const passwords = ownPasswords && permits ? permits.passwords(ownPasswords) : ownPasswords;
    const bindOutbox =
      database && createOutbox?.(environment, { database, log, keyring, publicUrl: settings.publicUrl });
    const services = createServices(settings, {
      log,
      keyring,
      ...(rateLimits && { rateLimits }),
      ...(database && { database }),
      ...(passwords && { passwords }),
      ...(keys && { keys }),
      ...(keyParts && { apiKeys: keyParts.apiKeys }),
      ...(idempotency && { idempotency }),
      ...(createHealth && {
        health: createHealth(
          findHealthChecks({ ...(database && { database }), ...(rateLimits && { rateLimits }) }),
        ),
      }),
    });
    const store = rateLimits?.store;
    const deliveries = new Set<Promise<unknown>>();

    /** Of one request: what it leaves behind goes on in its own background, since that of an earlier one is over. */
    function toServices(background: Background) {
      const outbox = bindOutbox?.((delivery) => {
        deliveries.add(delivery);
        background(delivery.finally(() => deliveries.delete(delivery)));
      });
      return {
        ...services,
        // A probe for a store that was away outlives the request that happens to send it.
        ...(store && { rateLimits: { ...store, take: (checks: Checks) => store.take(checks, background) } }),
        ...(outbox && { outbox }),
      };
    }

    const writeUsage = (isLast?: boolean) => database && keyParts?.writeUsage(database.sql, isLast);

    const close = async () => {
      // Emails that are on their way when the answer is given still need the database.
      await Promise.all(deliveries);
      await database?.close();
    };
    return { toServices, writeUsage, close };
  }

  return { environment, log, open };
}
