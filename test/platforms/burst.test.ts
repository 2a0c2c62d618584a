/** Functions with a database in workerd, where a request can't use the connection of another: many at once, and many in turn. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { testBinaries } from '../support/postgres.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { withoutRuntime } from './executables.ts';
import { burstEvents } from './burst-events.ts';
import { createBurst, findDatabaseEndpoints, type Burst, type BurstEndpoint } from './burst.ts';

/** All of them with 500 are `npm run bench:burst`, which takes long. */
const few = { ofHashes: 6, ofOthers: 24 };
const whole = ['health/ready', 'me/read'];

const skip = testBinaries !== undefined ? 'one kind of Postgres is enough' : withoutRuntime('cloudflare');

suite('every function with a database in workerd', { skip }, async () => {
  if (skip !== false) return;
  const burst = await createBurst(await makeTemporaryFolder());
  const endpoints = findDatabaseEndpoints();

  for (const endpoint of endpoints) {
    const requests = endpoint.hashes ? few.ofHashes : few.ofOthers;
    test(`${endpoint.name} answers ${requests} at once and refuses none, and leaves no connection`, async () => {
      expectSound(endpoint, requests, await burst.run(endpoint, requests, requests));
    });
  }

  for (const endpoint of endpoints.filter(({ name }) => whole.includes(name))) {
    test(`${endpoint.name} answers 500 at once, more than Postgres has connections, and 500 in series`, async () => {
      expectSound(endpoint, 500, await burst.run(endpoint, 500, 500));
      expectSound(endpoint, 500, await burst.run(endpoint, 500, 1));
    });
  }

  test('the accounts are gone with their database', () => burst.close());
});

/** `Burst.run` has waited until no connection was left. */
function expectSound(
  { name, method }: BurstEndpoint,
  requests: number,
  { statuses, faults, dialled, events }: Burst,
): void {
  assert.deepEqual(faults, []);
  assert.equal(
    [...statuses.values()].reduce((sum, times) => sum + times, 0),
    requests,
  );
  // Who is refused a page is sent elsewhere.
  if (method === 'GET') assert.deepEqual([...statuses.keys()], [200]);
  const event = burstEvents[name];
  if (event !== undefined)
    assert.equal(events.get(event), requests, `${event}: ${JSON.stringify([...events])}`);
  // Those who ask for health within a second share one answer of Postgres.
  const least = name.startsWith('health/') ? 1 : requests;
  assert.ok(dialled >= least, `${dialled} connections for ${requests} requests: some never asked Postgres`);
}
