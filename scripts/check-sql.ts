/** Holds every SQL statement of the sources against the migrated database. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../db/migrate.ts';
import * as schema from '../db/schema.ts';
import { startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';
import { checkProject } from './check-sql/project.ts';
import { findUnmigrated } from './check-sql/tables.ts';

const usage = `Usage: npm run -s check:sql

Prepares every statement in the sources (tests aside, which run theirs) on a Postgres of its own with all migrations, and
compares what Postgres says of it with the types: the columns' names, types and whether they can be null, the parameters,
and texts of which there are only some (a role, a purpose) with the check constraints. One line a fault. Where
db/schema.ts has been changed and no migration generated yet, that is a fault, and its tables are what counts.

Exit codes: 0 all agree, 1 some do not, 2 wrong usage.
`;

async function main(): Promise<number> {
  readCommandLine(usage, { options: {} });
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interruption.abort());
  const folder = await mkdtemp(join(tmpdir(), 'blockbot-sql-'));
  try {
    return await checkOn(folder, interruption.signal);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function checkOn(folder: string, interruption: AbortSignal): Promise<number> {
  const root = new URL('../', import.meta.url);
  process.stderr.write('Starting Postgres\n');
  const { url, stop } = await startEmbeddedPostgres({ dataDir: folder });
  try {
    interruption.throwIfAborted();
    const migrations = new URL('db/migrations/', root);
    await migrate(url, migrations);
    process.stderr.write('Reading the sources\n');
    const unmigrated = await findUnmigrated({ ...schema }, migrations);
    const { faults, statements, files } = await checkProject({
      root: fileURLToPath(root),
      url,
      unmigrated,
      interruption,
    });
    for (const { file, line, problem } of faults) process.stdout.write(`${file}:${line}: ${problem}\n`);
    process.stdout.write(
      `${statements} statements in ${files} files, ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}\n`,
    );
    return faults.length === 0 ? 0 : 1;
  } finally {
    await stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`check:sql: ${toErrorMessage(error)}\n`);
  process.exitCode = 1;
}
