/** Runs the tests, with the servers that they need. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import postgres from 'postgres';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../hosts/node/postgres/embedded-postgres.ts';
import { isPostgresRunning } from '../hosts/node/postgres/process.ts';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';

const usage = `Usage: npm test [-- <part of a file name> ...]

Runs the tests (all **/*.test.ts, or those whose path contains one of the parts) against a Postgres of its own. If the
server programs of Debian's packages are there, those that use a database run again with them.

Exit codes: 0 all passed, 1 not all passed, 2 wrong usage.
`;

/**
 * Milliseconds after which a test, or a whole file of them, counts as hung: on a machine that does other work as well the
 * longest file takes many times as long.
 */
const timeoutMs = 1_200_000;
const debianRoot = '/usr/lib/postgresql';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort());
}

async function main(): Promise<number> {
  const { positionals: parts } = readCommandLine(usage, { options: {}, maximumPositionals: Infinity });
  const files = (await findTests()).filter(
    (file) => parts.length === 0 || parts.some((part) => file.includes(part)),
  );
  if (files.length === 0) refuseUsage(usage, `No test file has '${parts.join("' or '")}' in its path`);
  const databaseFiles = await filterAsync(files, usesDatabase);

  if (databaseFiles.length === 0) return (await runTests(files)) ? 0 : 1;
  if (!(await runTests(files, { name: 'the Postgres of the npm package' }))) return 1;
  const binaries = await findDebianBinaries();
  if (!binaries) {
    console.log(
      `\nLeft out: the database tests with Debian's Postgres, which is not installed (${debianRoot})`,
    );
    return 0;
  }
  // Browsers take long, and tell nothing new of another Postgres.
  const again = databaseFiles.filter((file) => !file.startsWith('test/browser/'));
  if (again.length === 0) return 0;
  return (await runTests(again, { name: `the Postgres in ${binaries}`, binaries })) ? 0 : 1;
}

interface Server {
  readonly name: string;
  /** Folder of the server programs; without it, those of the npm package. */
  readonly binaries?: string;
}

async function runTests(files: readonly string[], server?: Server): Promise<boolean> {
  if (interruption.signal.aborted) return false;
  const folder = await mkdtemp(join(tmpdir(), 'blockbot-test-'));
  // Some tests run programs as another account, which has to get to its folder in here.
  await chmod(folder, 0o711);
  let running: EmbeddedPostgres | undefined;
  try {
    if (server) running = await startServer({ ...server, dataDir: join(folder, 'server') });
    const count = files.length === 1 ? '1 test file' : `${files.length} test files`;
    console.log(`\n${count} with ${server?.name ?? 'no database'}`);
    return await runNode(files, {
      TEST_FOLDER: folder,
      ...(running && { TEST_DATABASE_URL: running.url }),
      ...(server?.binaries && { TEST_POSTGRES_BINARIES: server.binaries }),
    });
  } finally {
    await running?.stop();
    await killServersLeftIn(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** With more connections than it has as it is installed: the matrix has every function in one process, each with a pool of its own. */
async function startServer(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const first = await startEmbeddedPostgres(options);
  const sql = postgres(first.url, { max: 1 });
  await sql`alter system set max_connections = 300`;
  await sql.end();
  await first.stop();
  return startEmbeddedPostgres(options);
}

async function runNode(files: readonly string[], env: Readonly<Record<string, string>>): Promise<boolean> {
  const concurrency = `--test-concurrency=${availableParallelism()}`;
  const options = ['--test', '--test-reporter=spec', concurrency, `--test-timeout=${timeoutMs}`];
  const child = spawn(process.execPath, ['--import', 'tsx', ...options, ...files], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  interruption.signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  const [code] = await once(child, 'exit');
  return code === 0 && !interruption.signal.aborted;
}

/** Of a test that was interrupted, or hung; servers are made to outlive their owner. */
async function killServersLeftIn(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (basename(name) !== 'postmaster.pid') continue;
    const pid = Number.parseInt(await readFile(join(folder, name), 'utf8'), 10);
    if (isPostgresRunning(pid)) process.kill(pid, 'SIGKILL');
  }
}

async function findTests(): Promise<readonly string[]> {
  const skipped = new Set(['node_modules', 'dist']);
  const found: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith('.')) await visit(path);
      else if (entry.isFile() && entry.name.endsWith('.test.ts')) found.push(path);
    }
  };
  await visit('.');
  return found.sort();
}

/** A test uses a database exactly if it imports one of the helpers that do. */
async function usesDatabase(file: string): Promise<boolean> {
  return /from '.*\/(?:database|outbox-database|postgres|blockbot|site)\.ts'/.test(
    await readFile(file, 'utf8'),
  );
}

async function findDebianBinaries(): Promise<string | undefined> {
  const versions = existsSync(debianRoot) ? await readdir(debianRoot) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debianRoot, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'postgres')));
}

async function filterAsync<Item>(items: readonly Item[], test: (item: Item) => Promise<boolean>) {
  const verdicts = await Promise.all(items.map(test));
  return items.filter((_, index) => verdicts[index]);
}

try {
  process.exitCode = await main();
} catch (error) {
  // Ctrl-C ends the making of a cluster as well; that is no news.
  if (!interruption.signal.aborted) console.error(error);
  process.exitCode = 1;
}
