/** Every function on every platform keeps the contract, and answers byte for byte as the router does. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { testBinaries } from '../postgres.ts';
import { startRedis, withoutRedis } from '../redis-server.ts';
import { startRestDoor } from '../rest-door.ts';
import type { ContractRun } from './contract.ts';
import { buildColumns, type ColumnRun, runColumn } from './matrix.ts';

const skip = testBinaries !== undefined ? 'one kind of Postgres is enough' : withoutRedis;

if (skip === false) {
  const folder = mkdtempSync(join(process.cwd(), 'node_modules/.blockbot-platforms-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const redis = await startRedis();
  const rest = await startRestDoor(redis.port);
  after(async () => {
    await rest.close();
    await redis.close();
  });

  let reference: ContractRun | undefined;
  for (const column of buildColumns(folder)) {
    suite(column.title, { skip: column.skipped }, async () => {
      const run: ColumnRun | undefined =
        column.skipped === false ? await runColumn(column, rest, reference) : undefined;
      reference ??= run;
      const names = new Set(run?.results.map(({ name }) => name));
      for (const name of names) {
        test(`${name} keeps the contract`, () => {
          const failures = run?.results.filter(
            (result) => result.name === name && result.failure !== undefined,
          );
          assert.deepEqual(
            failures?.map(({ title, failure }) => `${title}: ${failure}`),
            [],
          );
        });
      }
      test('answers as the router on Node does', () => {
        assert.deepEqual(run?.differences, []);
      });
    });
  }
} else {
  test('every function on every platform', { skip }, () => undefined);
}
