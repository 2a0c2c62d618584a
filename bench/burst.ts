/** Prints what docs/platforms.md says of many requests at once on Workers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import { createBurst, findDatabaseEndpoints } from '../test/platforms/burst.ts';
import { matchesGlob } from '../scripts/bundle/glob.ts';
import { readPositiveNumber } from './positive-number.ts';
import { makeDataDir } from './router.ts';

const usage = `Usage: npm run -s bench:burst [-- --only GLOB] [--requests COUNT]

Sends every function that asks the database COUNT requests all at once, and then as many one after the other, in workerd
against a Postgres of its own. Prints a table: seconds, statuses, and the connections that Postgres saw. After each it waits
until Postgres has none left. Password endpoints take a minute and more for 500; all of them some 30 minutes.

  --only       functions whose name matches, such as 'sessions/*'; may be given more than once
  --requests   COUNT; 500 unless told

Exit codes: 0 nothing was refused, 1 something was, 2 wrong usage.
`;

async function main(): Promise<number> {
  const { values } = readCommandLine(usage, {
    options: {
      only: { type: 'string', multiple: true, default: ['**'] },
      requests: { type: 'string', default: '500' },
    },
  });
  const requests = readPositiveNumber(usage, '--requests', values.requests, { whole: true });
  const { dataDir, remove } = makeDataDir();
  const postgres = await startEmbeddedPostgres({ dataDir });
  process.env['TEST_DATABASE_URL'] = postgres.url;
  const out = mkdtempSync(join(tmpdir(), 'blockbot-burst-workers-'));
  const burst = await createBurst(out);
  let isSound = true;
  try {
    const endpoints = findDatabaseEndpoints().filter(({ name }) =>
      values.only.some((glob) => matchesGlob(name, glob)),
    );
    process.stdout.write(
      `| function | ${requests} at once | connections | ${requests} in series | connections |\n`,
    );
    process.stdout.write('| --- | --- | --- | --- | --- |\n');
    for (const [nth, endpoint] of endpoints.entries()) {
      if (process.stderr.isTTY)
        process.stderr.write(`\r\u001b[K${nth + 1}/${endpoints.length} ${endpoint.name} ...`);
      const cells: string[] = [];
      for (const atOnce of [requests, 1]) {
        const { statuses, faults, milliseconds, dialled } = await burst.run(endpoint, requests, atOnce);
        const answers = [...statuses]
          .sort(([a], [b]) => a - b)
          .map(([status, times]) => `${times} × ${status}`);
        cells.push(`${(milliseconds / 1000).toFixed(1)} s, ${answers.join(', ')}`, String(dialled));
        for (const fault of faults) process.stderr.write(`${endpoint.name}: ${fault}\n`);
        isSound &&= faults.length === 0;
      }
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
      process.stdout.write(`| ${[endpoint.name, ...cells].join(' | ')} |\n`);
    }
    return isSound ? 0 : 1;
  } finally {
    await burst.close();
    await postgres.stop();
    remove();
    rmSync(out, { recursive: true, force: true });
  }
}

process.exitCode = await main();
