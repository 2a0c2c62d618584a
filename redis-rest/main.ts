/** Starts the REST endpoint from the environment, and drains it when asked to stop. */
import { readFileSync } from 'node:fs';
import { createLog } from '../lib/core/log.ts';
import { EnvironmentError } from '../lib/core/variables.ts';
import { createRestServer } from './server.ts';
import { parseSettings, type Settings } from './settings.ts';

// sysexits.h: EX_CONFIG.
const badConfiguration = 78;

// A reader that left must not take the endpoint with it.
process.stdout.on('error', () => undefined);
const log = createLog({ write: (line) => process.stdout.write(`${line}\n`) });

function readSettings(): Settings {
  try {
    return parseSettings(process.env, (path) => readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    for (const fault of error.faults) log.error('the environment is not usable', { fault });
    process.exit(badConfiguration);
  }
}

const settings = readSettings();
const server = createRestServer(settings, { log, onUnfit: () => process.exit(badConfiguration) });
try {
  const port = await server.listen();
  log.info('listening', { host: settings.host, port });
} catch (error) {
  const cause = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  log.error('cannot listen', { host: settings.host, port: settings.port, cause });
  process.exit(1);
}

let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    log.info('draining', { signal });
    void server.drain().then(() => {
      log.info('stopped');
      process.exit(0);
    });
  });
}
