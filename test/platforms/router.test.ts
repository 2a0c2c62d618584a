/** The contract against the router as it is deployed, on the Node that runs the tests. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createTestDatabase } from '../database.ts';
import { startRouter } from '../router-process.ts';
import { corsOrigin, runContract } from './contract.ts';

const database = await createTestDatabase();
const router = await startRouter({
  DATABASE_URL: database.url,
  TRUSTED_PROXY_HOPS: '1',
  CORS_ORIGINS: corsOrigin,
});
after(async () => {
  await router.stop();
  await database.drop();
});

const { results } = await runContract({
  originOf: () => router.url,
  toClientHeaders: (address) => ({ 'X-Forwarded-For': address }),
  alone: false,
});

for (const { name, title, failure } of results) {
  test(`${name} ${title}`, () => {
    assert.equal(failure, undefined);
  });
}
