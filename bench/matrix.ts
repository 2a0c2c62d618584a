/** Prints the table of docs/platforms.md: every function on every platform, as the contract finds it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from '../lib/core/command-line.ts';
import { buildColumns, type ColumnRun, runColumn } from '../test/platforms/matrix.ts';
import { startRedis, withoutRedis } from '../test/support/redis-server.ts';
import { startRedisRest } from '../test/support/redis-rest-server.ts';
import { startConfiguredPostgres } from './configured-postgres.ts';
import { makeDataDir } from './router.ts';

const usage = `Usage: npm run -s matrix

Bundles every function for every platform, runs the contract against each of them and prints a table: how many of a
function's promises hold. Needs redis-server (Debian's package of that name). Takes some minutes.

Exit codes: 0 all hold, 1 some do not, or nothing could be run, 2 wrong usage.
`;

async function main(): Promise<number> {
  readCommandLine(usage, { options: {} });
  if (withoutRedis !== false) {
    process.stderr.write(`${withoutRedis}\n`);
    return 1;
  }
  // Inside the checkout, where the router finds its native packages.
  const folder = mkdtempSync(join(process.cwd(), 'node_modules/.blockbot-matrix-'));
  const { dataDir, remove } = makeDataDir();
  // Every function of a column is in one process, each with a pool of its own.
  const postgres = await startConfiguredPostgres(dataDir, { max_connections: 300 });
  process.env['TEST_DATABASE_URL'] = postgres.url;
  const redis = await startRedis();
  const rest = await startRedisRest(redis.port);
  try {
    const runs = new Map<string, ColumnRun | undefined>();
    let reference: ColumnRun | undefined;
    for (const column of buildColumns(folder)) {
      if (process.stderr.isTTY) process.stderr.write(`${column.title} ...\n`);
      const run = column.skipped === false ? await runColumn(column, rest, reference) : undefined;
      reference ??= run;
      runs.set(column.title, run);
    }
    process.stdout.write(toTable(runs));
    return tellFaults(runs) ? 0 : 1;
  } finally {
    await rest.close();
    await redis.close();
    await postgres.stop();
    remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

function toTable(runs: ReadonlyMap<string, ColumnRun | undefined>): string {
  const names = [
    ...new Set([...runs.values()].flatMap((run) => run?.results.map(({ name }) => name) ?? [])),
  ].sort();
  const rows = names.map((name) => [name, ...[...runs.values()].map((run) => toCell(run, name))]);
  const lines = [['function', ...runs.keys()], [...runs.keys(), ''].map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function toCell(run: ColumnRun | undefined, name: string): string {
  if (!run) return 'not run';
  const results = run.results.filter((result) => result.name === name);
  const kept = results.filter(({ failure }) => failure === undefined).length;
  return kept === results.length ? `${kept}` : `**${kept} of ${results.length}**`;
}

function tellFaults(runs: ReadonlyMap<string, ColumnRun | undefined>): boolean {
  const faults = [...runs].flatMap(([title, run]) => [
    ...(run?.results ?? []).flatMap(({ name, title: promise, failure }) =>
      failure === undefined ? [] : [`${title}: ${name} ${promise}: ${failure}`],
    ),
    ...(run?.differences ?? []).map((difference) => `${title}: ${difference}`),
  ]);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length === 0;
}

process.exitCode = await main();
