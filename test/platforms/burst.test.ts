/** Functions with a database in workerd, where a request can't use the connection of another: many at once, and many in turn. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { testBinaries } from '../support/postgres.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { withoutRuntime } from './executables.ts';
import { createRush, findDatabaseDoors, type Rush, type RushDoor } from './burst.ts';

/** All of them with 500 are `npm run rush`, which takes long. */
const few = { ofHashes: 6, ofOthers: 24 };
const whole = ['health/ready', 'me/read'];

const skip = testBinaries !== undefined ? 'one kind of Postgres is enough' : withoutRuntime('cloudflare');

suite('every function with a database in workerd', { skip }, async () => {
  if (skip !== false) return;
  const rush = await createRush(await makeTemporaryFolder());
  const doors = await findDatabaseDoors();

  for (const door of doors) {
    const requests = door.hashes ? few.ofHashes : few.ofOthers;
    test(`${door.name} answers ${requests} at once and refuses none, and leaves no connection`, async () => {
      expectSound(door, requests, await rush.run(door, requests, requests));
    });
  }

  for (const door of doors.filter(({ name }) => whole.includes(name))) {
    test(`${door.name} answers 500 at once, more than Postgres has connections, and 500 in series`, async () => {
      expectSound(door, 500, await rush.run(door, 500, 500));
      expectSound(door, 500, await rush.run(door, 500, 1));
    });
  }

  test('the accounts are gone with their database', () => rush.close());
});

/** `Rush.run` has waited until no connection was left. */
function expectSound({ name }: RushDoor, requests: number, { statuses, faults, dialled }: Rush): void {
  assert.deepEqual(faults, []);
  assert.equal(
    [...statuses.values()].reduce((sum, times) => sum + times, 0),
    requests,
  );
  // Those who ask for health within a second share one answer of Postgres.
  const least = name.startsWith('health/') ? 1 : requests;
  assert.ok(dialled >= least, `${dialled} connections for ${requests} requests: some never asked Postgres`);
}
