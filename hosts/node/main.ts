/** The router container: environment, services, mount, listen, drain. */
import { readFileSync } from 'node:fs';
import { createDatabaseClient } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { type Environment, EnvironmentError, parseEnvironment } from '../../lib/env.ts';
import { createJwtKeys } from '../../lib/jwt.ts';
import { createServices, toSettings } from '../services.ts';
import { createRouter } from '../router.ts';
import { startEmbedded } from './embedded.ts';
import { toGreeting } from './greeting.ts';
import { createLogOutput } from './log-output.ts';
import { createRateLimits } from './rate-limits.ts';
import { loadFunctions } from './functions.ts';
import { listen } from './server.ts';
import { createNodePasswords } from './passwords.ts';

// Sources and builds have the same tree, so that this file finds its neighbours in both.
const root = new URL('../../', import.meta.url);

try {
  await run(parseEnvironment(process.env, { readFile: (path) => readFileSync(path, 'utf8') }));
} catch (error) {
  const misconfigured = error instanceof EnvironmentError;
  const reasons = misconfigured ? error.faults : [error instanceof Error ? error.message : String(error)];
  process.stderr.write(`Blockbot can't start:\n${reasons.map((reason) => `  ${reason}\n`).join('')}`);
  // EX_CONFIG of sysexits.h: starting again without a change is of no use.
  process.exit(misconfigured ? 78 : 1);
}

async function run(environment: Environment): Promise<void> {
  const { log, flush } = createLogOutput(environment.LOG_LEVEL);
  const embedded = await startEmbedded(environment, (cause) => void stop(1, cause));
  const database = createDatabaseClient({ url: embedded.databaseUrl });
  const rateLimits = await createRateLimits(environment, { log, tokenSecret: embedded.tokenSecret });
  const server = await start().catch(async (error: unknown) => {
    await embedded.postgres?.stop();
    throw error;
  });

  async function start() {
    if (embedded.postgres) await migrate(embedded.databaseUrl, new URL('db/migrations/', root));
    const settings = toSettings(environment);
    const services = createServices(settings, {
      log,
      database,
      rateLimits,
      tokenSecret: embedded.tokenSecret,
      keys: await createJwtKeys(embedded.privateKeys, { issuer: settings.publicUrl }),
      passwords: createNodePasswords(),
      outbox: { wake: () => undefined, deliver: () => Promise.resolve({ sent: 0, failed: 0, dead: 0 }) },
      background: (work) => {
        work.catch((cause: unknown) => {
          log.error('background work failed', {}, cause);
        });
      },
    });
    const functions = await loadFunctions(new URL('functions/', root));
    return listen(createRouter(functions.values()), services, {
      host: environment.HOST,
      port: environment.PORT,
    });
  }

  let stopping = false;

  /** Drains, closes what was opened, and exits. Asked a second time it exits at once. */
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
    rateLimits.close();
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
  if (embedded.notes.length > 0) process.stdout.write(toGreeting(port, embedded.notes));
}
