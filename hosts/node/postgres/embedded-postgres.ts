/**
 * A real Postgres for those who have not set DATABASE_URL: a cluster under the data folder, served by the programs of
 * an npm package, reachable from this machine only. One process owns it at a time; not for production.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isOutage } from '../../../db/outage.ts';
import { locateBinaries } from './binaries.ts';
import { createCluster, databaseName, readOrMakePassword } from './cluster.ts';
import { type Ownership, takeOwnership } from './ownership.ts';
import { awaitPostmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { isPostgresRunning } from './process.ts';

export interface EmbeddedPostgres {
  readonly url: string;
  /** Whether the cluster was made just now. */
  readonly created: boolean;
  /** Whether the server ran already, left behind by an owner that was killed. */
  readonly adopted: boolean;
  readonly stop: () => Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Folder of `initdb` and `postgres`; without it, those of the npm package. */
  readonly binaries?: string;
  /** Called at most once, when the server ends without `stop()`, or passes to another owner. */
  readonly onExit?: (error: Error) => void;
}

/** Another living process owns the cluster. */
export class DataDirInUse extends Error {
  constructor(dataDir: string, holder: number) {
    super(`${dataDir} is in use by process ${holder}: stop it, or set DATA_DIR to another folder`);
  }
}

const retryIntervalMs = 50;
const retryTimeoutMs = 10_000;

/**
 * Starts the server and owns it until `stop()`. One that was left running is taken over.
 *
 * @throws {DataDirInUse}
 */
export async function startEmbeddedPostgres({
  dataDir,
  binaries,
  onExit,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = toPlace(dataDir);
  const programs = binaries ?? (await locateBinaries());
  await mkdir(place.dataDir, { recursive: true });
  const password = await readOrMakePassword(place.passwordFile);
  const created = await createCluster(place.cluster, {
    binaries: programs,
    passwordFile: place.passwordFile,
  });

  let ownership: Ownership | undefined;
  let stopping: Promise<void> | undefined;

  async function own(url: string): Promise<void> {
    const outcome = await takeOwnership(url, () => {
      if (!stopping) void regain(url);
    });
    if ('holder' in outcome) throw new DataDirInUse(place.dataDir, outcome.holder);
    ownership = outcome;
  }

  /** Our session was cut. If a session crashes, Postgres cuts all of them and goes on in the same process. */
  async function regain(url: string): Promise<void> {
    try {
      while (isPostgresRunning(server.pid)) {
        try {
          await own(url);
          return;
        } catch (error) {
          if (!isOutage(error)) throw error;
          await delay(retryIntervalMs);
        }
      }
      throw new Error(`The embedded Postgres (process ${server.pid}) has ended, see ${place.log}`);
    } catch (error) {
      if (!stopping) onExit?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async function start() {
    const endAt = Date.now() + retryTimeoutMs;
    for (;;) {
      const { pid, port, started } = await startPostmaster({ ...place, binaries: programs });
      const url = toUrl(port, password);
      try {
        await own(url);
        return { pid, url, started };
      } catch (error) {
        if (error instanceof DataDirInUse) throw error;
        // Its owner may be stopping it right now; then it is started again.
        if (!isOutage(error) || Date.now() > endAt) {
          if (started) await stopPostmaster(pid, programs);
          throw toOpeningError(error, place);
        }
        await delay(retryIntervalMs);
      }
    }
  }

  async function stop(): Promise<void> {
    await stopPostmaster(server.pid, programs);
    // Only now: a server that is about to end is nobody else's to take over.
    await ownership?.release();
  }

  const server = await start();
  return {
    url: server.url,
    created,
    adopted: !server.started,
    stop: () => (stopping ??= stop()),
  };
}

/**
 * For scripts: uses the server that another process owns, or else owns it until `close()`.
 *
 * @example
 * const { url, close } = await openEmbeddedPostgres({ dataDir: '.data' });
 */
export async function openEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<{ url: string; close: () => Promise<void> }> {
  try {
    const { url, stop } = await startEmbeddedPostgres(options);
    return { url, close: stop };
  } catch (error) {
    if (!(error instanceof DataDirInUse)) throw error;
    const place = toPlace(options.dataDir);
    const postmaster = await awaitPostmaster(place);
    // Its owner has just stopped it.
    if (!postmaster) return openEmbeddedPostgres(options);
    const url = toUrl(postmaster.port, await readOrMakePassword(place.passwordFile));
    return { url, close: () => Promise.resolve() };
  }
}

interface Place {
  readonly dataDir: string;
  readonly cluster: string;
  readonly passwordFile: string;
  readonly log: string;
}

function toPlace(folder: string): Place {
  const dataDir = resolve(folder);
  return {
    dataDir,
    cluster: join(dataDir, 'postgres'),
    passwordFile: join(dataDir, 'postgres-password'),
    log: join(dataDir, 'postgres.log'),
  };
}

function toUrl(port: number, password: string): string {
  return `postgres://${databaseName}:${password}@127.0.0.1:${port}/${databaseName}`;
}

function toOpeningError(error: unknown, { cluster, passwordFile }: Place): unknown {
  const wrongPassword = error instanceof Error && 'code' in error && error.code === '28P01';
  if (!wrongPassword) return error;
  return new Error(
    `${passwordFile} is not the password of ${cluster}: restore it, or remove both to begin anew`,
    {
      cause: error,
    },
  );
}
