import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EnvironmentError } from '../lib/core/variables.ts';
import { parseSettings } from './settings.ts';

const env = { REDIS_URL: 'redis://redis:6379', REDIS_REST_TOKENS: 'a-token-0123456789' };

function read(path: string): string {
  if (path === '/run/secrets/tokens') return 'from-a-file-0123456789\nand-another-0123456789\n';
  throw new Error('ENOENT');
}

function findFaults(faulty: Readonly<Record<string, string>>): readonly string[] {
  try {
    parseSettings(faulty, read);
  } catch (error) {
    assert.ok(error instanceof EnvironmentError);
    return error.faults;
  }
  return [];
}

describe('the environment', () => {
  test('little is needed, and the rest has strict defaults', () => {
    assert.deepEqual(parseSettings({ ...env, HOST: '' }, read), {
      isProduction: false,
      redis: { url: 'redis://redis:6379' },
      tokens: ['a-token-0123456789'],
      readOnlyTokens: [],
      tokenInUrl: false,
      host: '127.0.0.1',
      port: 8080,
      maxBodyBytes: 10_485_760,
      requestTimeoutMs: 3000,
      drainDelayMs: 5000,
    });
  });

  test('a cluster is several URLs, tokens are several too, and both may stand in files', () => {
    const settings = parseSettings(
      {
        REDIS_CLUSTER_URLS: 'redis://a:1,redis://b:2',
        REDIS_REST_TOKENS_FILE: '/run/secrets/tokens',
        REDIS_REST_READONLY_TOKENS: 'only-reads-0123456789, only-reads-too-0123456789',
      },
      read,
    );
    assert.deepEqual(settings.redis, { clusterUrls: ['redis://a:1', 'redis://b:2'] });
    assert.deepEqual(settings.tokens, ['from-a-file-0123456789', 'and-another-0123456789']);
    assert.deepEqual(settings.readOnlyTokens, ['only-reads-0123456789', 'only-reads-too-0123456789']);
  });

  test('every fault is named at once, and no value is repeated', () => {
    const faults = findFaults({
      REDIS_URL: 'http://secret@redis',
      REDIS_CLUSTER_URLS: 'redis://a,secret',
      REDIS_REST_TOKENS: 'secret',
      REDIS_REST_TOKENS_FILE: '/run/secrets/tokens',
      REDIS_REST_READONLY_TOKENS: 'secret',
      REDIS_URL_FILE: '/secret',
      REDIS_REST_TOKEN_IN_URL: 'secret',
      PORT: '70000',
      MAX_BODY_BYTES: 'secret',
      REQUEST_TIMEOUT_MS: '-1',
      DRAIN_DELAY_MS: '1.5',
    });
    assert.deepEqual(faults.map((fault) => fault.split(':', 1)[0]).sort(), [
      'DRAIN_DELAY_MS',
      'MAX_BODY_BYTES',
      'PORT',
      'REDIS_CLUSTER_URLS',
      'REDIS_REST_READONLY_TOKENS',
      'REDIS_REST_TOKENS and REDIS_REST_TOKENS_FILE',
      'REDIS_REST_TOKEN_IN_URL',
      'REDIS_URL',
      'REDIS_URL',
      'REDIS_URL and REDIS_URL_FILE',
      'REDIS_URL_FILE',
      'REQUEST_TIMEOUT_MS',
    ]);
    assert.doesNotMatch(faults.join(), /secret/);
  });

  test('production is told by its name alone, and what resembles it is a fault', () => {
    for (const name of ['production', 'production\r', ' production ']) {
      assert.equal(parseSettings({ ...env, NODE_ENV: name }, read).isProduction, true);
    }
    for (const name of ['development', 'test', '']) {
      assert.equal(parseSettings({ ...env, NODE_ENV: name }, read).isProduction, false);
    }
    for (const name of ['Production', 'prod', 'staging', '"production"']) {
      assert.deepEqual(findFaults({ ...env, NODE_ENV: name }), [
        'NODE_ENV: must be production, development or test',
      ]);
    }
  });

  test('an empty environment, a token in both lists and a file that cannot be read are faults', () => {
    assert.deepEqual(findFaults({}), [
      'REDIS_URL: set either this or REDIS_CLUSTER_URLS',
      'REDIS_REST_TOKENS: no token is set',
    ]);
    assert.deepEqual(findFaults({ ...env, REDIS_REST_READONLY_TOKENS: env.REDIS_REST_TOKENS }), [
      'REDIS_REST_READONLY_TOKENS: a token stands in REDIS_REST_TOKENS too',
    ]);
    assert.deepEqual(findFaults({ ...env, REDIS_REST_READONLY_TOKENS_FILE: '/none' }), [
      "REDIS_REST_READONLY_TOKENS_FILE: the file can't be read",
    ]);
  });
});
