import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvironmentError } from '../../lib/core/variables.ts';
import { parseHostEnvironment } from './environment.ts';

const parse = (variables: Readonly<Record<string, string>>) =>
  parseHostEnvironment(
    {
      UPSTASH_REDIS_REST_URL: 'https://redis.example.com',
      UPSTASH_REDIS_REST_TOKEN: 'a token',
      ...variables,
    },
    { providesClientAddress: true, required: [] },
  );

test('parseHostEnvironment takes an edge platform for production, unless it says otherwise in so many words', () => {
  for (const variables of [{}, { NODE_ENV: '' }, { NODE_ENV: ' \r' }, { NODE_ENV: 'production\r' }]) {
    assert.equal(parse(variables).NODE_ENV, 'production', JSON.stringify(variables));
  }
  assert.equal(parse({ NODE_ENV: 'development' }).NODE_ENV, 'development');
  for (const NODE_ENV of ['Production', 'prod', 'staging', 'dev']) {
    assert.throws(
      () => parse({ NODE_ENV }),
      new EnvironmentError(['NODE_ENV: must be production, development or test']),
    );
  }
});

test('parseHostEnvironment takes no address of a Redis that is spoken to without REST', () => {
  for (const name of ['REDIS_URL', 'REDIS_CLUSTER_URLS']) {
    assert.throws(
      () => parse({ [name]: 'redis://redis:6379' }),
      ({ faults }: EnvironmentError) => faults[0]?.startsWith(`${name}: not spoken here`) === true,
    );
  }
});

test('parseHostEnvironment takes no PGTARGETSESSIONATTRS, by which the driver would look for one of several servers', () => {
  assert.throws(
    () => parse({ PGTARGETSESSIONATTRS: 'primary' }),
    ({ faults }: EnvironmentError) => faults[0]?.startsWith('PGTARGETSESSIONATTRS: ') === true,
  );
});
