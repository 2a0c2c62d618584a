/** Every function on every platform keeps the contract, and answers byte for byte as the router does. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { testBinaries } from '../support/postgres.ts';
import { startRedis, withoutRedis } from '../support/redis-server.ts';
import { startRedisRest } from '../support/redis-rest-server.ts';
import { buildColumns, type Column, type ColumnRun, runColumn } from './matrix.ts';

const skip = testBinaries !== undefined ? 'one kind of Postgres is enough' : withoutRedis;

/** One after the other: each is compared with the first, and the machine may have two cores. */
async function runAll(): Promise<readonly (readonly [Column, ColumnRun | undefined])[]> {
  const folder = mkdtempSync(join(process.cwd(), 'node_modules/.blockbot-platforms-'));
  const redis = await startRedis();
  const rest = await startRedisRest(redis.port);
  const runs: (readonly [Column, ColumnRun | undefined])[] = [];
  try {
    for (const column of buildColumns(folder)) {
      const run = column.skipped === false ? await runColumn(column, rest, runs[0]?.[1]) : undefined;
      runs.push([column, run]);
    }
    return runs;
  } finally {
    await rest.close();
    await redis.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (skip !== false) test('every function on every platform', { skip }, () => undefined);

for (const [{ title, skipped }, run] of skip === false ? await runAll() : []) {
  suite(title, { skip: skipped }, () => {
    for (const name of new Set(run?.results.map((result) => result.name))) {
      test(`${name} keeps the contract`, () => {
        const failures = run?.results.filter(
          (result) => result.name === name && result.failure !== undefined,
        );
        assert.deepEqual(
          failures?.map((result) => `${result.title}: ${result.failure}`),
          [],
        );
      });
    }

    test('answers as the router on Node does', () => {
      assert.deepEqual(run?.differences, []);
    });
  });
}
