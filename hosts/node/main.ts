/** The router container: arguments, environment, services, mount, listen, drain. */
import { readFileSync } from 'node:fs';
import { createDatabaseClient } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { readCommandLine } from '../../lib/core/command-line.ts';
import { readConnectionString } from '../../lib/core/connection-string-variable.ts';
import { type Environment, parseEnvironment } from '../../lib/core/env.ts';
import { createApiKeys } from '../../lib/http/api-keys.ts';
import { createHealth } from '../../lib/core/health.ts';
import { createJwtKeys } from '../../lib/security/jwt.ts';
import { createServices, findHealthChecks, toSettings } from '../core/services.ts';
import { toRetention } from '../core/retention.ts';
import { createRouter } from '../core/router.ts';
import { loadArgon2 } from './argon2.ts';
import { type Embedded, startEmbedded } from './embedded.ts';
import { toGreeting } from './greeting.ts';
import { createLogOutput } from './log-output.ts';
import { createMail } from './mail/mail.ts';
import type { MetricParts, Metrics } from './metrics/metrics.ts';
import { createRateLimits } from './redis/rate-limits.ts';
import { loadFunctions } from './functions.ts';
import { listen } from './server.ts';
import { exitOnStartError } from './start-error.ts';
import { createNodePasswords } from './passwords.ts';
import { startSweeper } from './sweeper.ts';
import { startUsageWriter } from './usage-writer.ts';
import { findSignalFaults, toSignals } from './telemetry/asked.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

// Sources and builds have the same tree, so that this file finds its neighbours in both.
const root = new URL('../../', import.meta.url);

const loadHasherAfterMs = 1000;

const usage = `Usage: npm start

Starts the router, which answers to every endpoint until SIGTERM or SIGINT. Its settings are variables of the environment or
of .env (README.md, Environment); without any, Postgres and secrets of its own are made under .data.

Exit codes: 0 stopped by a signal, 1 it could not start or go on, 2 wrong usage, 78 the environment is not usable.
`;
readCommandLine(usage, { options: {} });

try {
  await run(
    parseEnvironment(process.env, {
      readFile: (path) => readFileSync(path, 'utf8'),
      databaseUrl: readConnectionString,
      findFaults: findSignalFaults,
    }),
  );
} catch (error) {
  exitOnStartError(error);
}

type Stop = (exitCode: number, cause?: unknown) => Promise<void>;

async function run(environment: Environment): Promise<void> {
  let stop: Stop | undefined;
  const embedded = await startEmbedded(environment, (cause) => {
    if (stop) void stop(1, cause);
    else exitOnStartError(cause);
  });
  try {
    stop = await serve(environment, embedded);
  } catch (error) {
    await embedded.postgres?.stop();
    throw error;
  }
}

/** @returns what drains, closes what was opened, and exits */
async function serve(environment: Environment, embedded: Embedded): Promise<Stop> {
  const { log, flush } = createLogOutput(environment.LOG_LEVEL);
  const telemetry = await observe();
  const opened = createDatabaseClient({ url: embedded.databaseUrl, log });
  const database = telemetry?.database(opened) ?? opened;
  const { keyring } = embedded;
  const settings = toSettings(environment);
  const { publicUrl } = settings;
  const counted = await createRateLimits(environment, { log, keyring, telemetry });
  const rateLimits = telemetry?.rateLimits(counted) ?? counted;
  const mail = await createMail(environment, { database, log, keyring, publicUrl, telemetry });
  const apiKeys = createApiKeys();
  let metrics: Metrics | undefined;
  const server = await start();

  async function start() {
    if (embedded.postgres) await migrate(embedded.databaseUrl, new URL('db/migrations/', root));
    const passwords = createNodePasswords(environment, log);
    const services = createServices(settings, {
      log,
      database,
      rateLimits,
      idempotency: rateLimits.idempotency,
      keyring,
      keys: await createJwtKeys(embedded.privateKeys, { issuer: publicUrl, audience: environment.AUDIENCE }),
      passwords: telemetry?.passwords(passwords, rateLimits) ?? passwords,
      outbox: mail.outbox,
      apiKeys,
      health: createHealth(findHealthChecks({ database, rateLimits })),
    });
    const functions = await loadFunctions(new URL('functions/', root));
    metrics = await measure({ ...services, database, rateLimits });
    const router = createRouter(functions.values());
    mail.devMailbox?.mount(router);
    const { HOST: host, PORT: port } = environment;
    return listen(telemetry?.router(router) ?? router, { ...services, ...metrics?.services }, { host, port });
  }

  async function observe(): Promise<Telemetry | undefined> {
    const signals = toSignals(process.env);
    if (!signals) return undefined;
    // Loaded only here, as for the metrics below, and before anything that it wraps.
    const { startTelemetry } = await import('./telemetry/telemetry.ts');
    return startTelemetry(signals, { revision: environment.RELEASE, log });
  }

  async function measure(parts: MetricParts): Promise<Metrics | undefined> {
    const { METRICS_PORT: port, HOST: host, RELEASE: revision } = environment;
    if (port === undefined) return undefined;
    // Loaded only here: who is not asked for metrics needs no library for them.
    const { startMetrics } = await import('./metrics/metrics.ts');
    const started = await startMetrics(parts, { host, port, revision });
    log.info('metrics listening', { port: started.address.port });
    return started;
  }

  const sweeper = startSweeper({ database, retention: toRetention(environment), log });
  const usageWriter = startUsageWriter({ database, usage: apiKeys.usage, log });
  let stopping = false;

  /** Asked a second time it exits at once. */
  async function stop(exitCode: number, cause?: unknown): Promise<void> {
    if (cause !== undefined) log.error('stopping because of an error', {}, cause);
    if (stopping) {
      flush();
      process.exit(exitCode || 130);
    }
    stopping = true;
    log.info('draining');
    const production = environment.NODE_ENV === 'production';
    await server.drain(environment.DRAIN_DELAY_MS ?? (production ? 5000 : 0));
    metrics?.close();
    await mail.close();
    await sweeper.stop();
    await usageWriter.stop();
    rateLimits.close();
    await telemetry?.close();
    await database.close();
    await embedded.postgres?.stop();
    log.info('stopped');
    flush();
    process.exit(exitCode);
  }

  process.on('SIGTERM', () => void stop(0));
  process.on('SIGINT', () => void stop(0));
  process.on('uncaughtException', (cause) => void stop(1, cause));
  process.on('unhandledRejection', (cause) => void stop(1, cause));

  const { port } = server.address;
  log.info('listening', { address: server.address.address, port });
  flush();
  if (embedded.notes.length > 0) {
    process.stdout.write(toGreeting(port, { notes: embedded.notes, mailboxPath: mail.devMailbox?.path }));
  }
  // A database that can't be reached is no reason to end: it may come later. Until then the log says what is wrong.
  database.ping().catch(() => undefined);
  // Emails of a process before this one may be waiting.
  mail.outbox.wake();
  // Not before the first answers; without it nobody could sign in, and the process ends.
  setTimeout(() => void loadArgon2(), loadHasherAfterMs).unref();
  return stop;
}
