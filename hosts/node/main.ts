/** The router container: environment, services, mount, listen, drain. */
import { readFileSync } from 'node:fs';
import { createDatabaseClient } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { EnvironmentError, parseEnvironment } from '../../lib/env.ts';
import { startEmbedded } from './embedded.ts';
import { createLogOutput } from './log-output.ts';
import { createRouter, loadFunctions } from './router.ts';
import { listen } from './server.ts';
import { createServices } from './services.ts';

const environment = readEnvironment();
const { log, flush } = createLogOutput(environment.LOG_LEVEL);
const root = new URL('../../', import.meta.url);

const embedded = await startEmbedded(environment, { onLost: (cause) => void stop(1, cause) }).catch(fail);
const database = createDatabaseClient({ url: embedded.databaseUrl });
if (embedded.ownsDatabase) await migrate(embedded.databaseUrl, new URL('db/migrations/', root)).catch(fail);
const services = await createServices(environment, { log, database, ...embedded });
const functions = await loadFunctions(new URL('functions/', root));
const server = await listen(createRouter(functions.values()), services, {
  host: environment.HOST,
  port: environment.PORT,
}).catch(fail);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => void stop(0));
}
process.on('uncaughtException', (cause) => void stop(1, cause));
process.on('unhandledRejection', (cause) => void stop(1, cause));

log.info('listening', {
  address: server.address.address,
  port: server.address.port,
  functions: functions.size,
});
embedded.greet(server.address.port);

/** Drains, closes what was opened, and exits. Asked a second time it exits at once. */
async function stop(exitCode: number, cause?: unknown): Promise<void> {
  if (cause !== undefined) log.error('stopping after an error', {}, cause);
  if (stopping) process.exit(exitCode || 130);
  stopping = true;
  log.info('draining');
  await server.drain(environment.DRAIN_DELAY_MS ?? (environment.NODE_ENV === 'production' ? 5000 : 0));
  await database.close();
  await embedded.stop();
  log.info('stopped');
  flush();
  process.exit(exitCode);
}

function readEnvironment() {
  try {
    return parseEnvironment(process.env, { readFile: (path) => readFileSync(path, 'utf8') });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`Blockbot can't start with this environment:\n`);
    for (const fault of error.faults) process.stderr.write(`  ${fault}\n`);
    process.exit(78);
  }
}

/** What keeps the start from succeeding is told in one line. */
async function fail(cause: unknown): Promise<never> {
  flush();
  process.stderr.write(`Blockbot can't start: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  await embedded?.stop();
  process.exit(1);
}
