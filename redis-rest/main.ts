/** Starts the REST endpoint from the environment, and drains it when asked to stop. */
import { readFileSync } from 'node:fs';
import { readCommandLine } from '../lib/core/command-line.ts';
import { createLog } from '../lib/core/log.ts';
import { EnvironmentError } from '../lib/core/variables.ts';
import { createRestServer } from './server.ts';
import { parseSettings, type Settings } from './settings.ts';

const usage = `Usage: npm run redis-rest

The REST endpoint: Upstash's protocol in front of a plain Redis or Valkey (docs/redis-rest.md). All settings are read from
the environment; the first four are secrets, each of which may stand in a file named by NAME_FILE instead.

  REDIS_URL                    one server: redis://user:password@host:port/db, or rediss://; this or the next
  REDIS_CLUSTER_URLS           some nodes of a cluster, separated by commas; user and password from the first
  REDIS_REST_TOKENS            tokens that may do everything, separated by commas or white space; these or the next
  REDIS_REST_READONLY_TOKENS   tokens that may only read
  REDIS_REST_TOKEN_IN_URL      true: ?_token= counts too (addresses end up in logs); false unless set
  HOST, PORT                   where to listen; 127.0.0.1 and 8080 unless set
  MAX_BODY_BYTES               the largest body that is read; 10 MiB unless set
  REQUEST_TIMEOUT_MS           how long a request may take to arrive, and Redis to reply; 3000 unless set
  DRAIN_DELAY_MS               how long requests are still answered after SIGTERM; 5000 unless set
  NODE_ENV                     production: a Redis user who may do too much ends it; development unless set

Exit codes: 0 stopped by SIGTERM or SIGINT, 1 it could not listen, 2 wrong usage, 78 the environment is not usable.
`;
readCommandLine(usage, { options: {} });

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
