import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startEndpoint } from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis } from '../test/support/redis-server.ts';

describe('callers that share one connection', { skip: withoutRedis }, () => {
  test(
    'two run transactions and eight plain commands, and each gets only its own replies',
    { timeout: 300_000 },
    async (t) => {
      const redis = await startRedis();
      t.after(redis.close);
      const endpoint = await startEndpoint({ url: redis.url });
      t.after(endpoint.close);
      let transactions = 0;
      let plain = 0;
      const isEnough = () => transactions >= 300 && plain >= 1500;

      async function transact(name: string): Promise<void> {
        for (let round = 1; !isEnough(); round += 1) {
          const { text } = await endpoint.ask({
            path: '/multi-exec',
            body: [
              ['INCR', name],
              ['SET', 'shared', name],
              ['GET', 'shared'],
              ['LPUSH', 'shared', 'x'],
              ['INCR', `${name}:end`],
            ],
          });
          const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value';
          assert.equal(
            text,
            `[{"result":${round}},{"result":"OK"},{"result":"${name}"},{"error":"${wrongType}"},{"result":${round}}]`,
          );
          transactions += 1;
        }
      }

      async function runPlain(name: string): Promise<void> {
        for (let round = 1; !isEnough(); round += 1) {
          const [count, echo] = await Promise.all([
            endpoint.run('INCR', name),
            endpoint.run('ECHO', `${name}:${round}`),
          ]);
          assert.deepEqual([count, echo], [round, `${name}:${round}`]);
          const { text } = await endpoint.ask({
            path: '/pipeline',
            body: [['MULTI'], ['ECHO', name], ['EXEC']],
          });
          assert.match(
            text,
            new RegExp(`^\\[\\{"error":"ERR 'MULTI'.*\\{"result":"${name}"\\},\\{"error":"ERR 'EXEC'`),
          );
          plain += 3;
        }
      }

      await Promise.all([
        ...[1, 2].map((caller) => transact(`t${caller}`)),
        ...[1, 2, 3, 4, 5, 6, 7, 8].map((caller) => runPlain(`p${caller}`)),
      ]);
    },
  );
});
