/** One of several processes that ask for the same key at once, each with a clock of its own: see `exactness.test.ts`. */
import { createRedisStore } from '../../lib/rate-limit/redis-store.ts';
import type { Policy } from '../../lib/rate-limit/store.ts';
import { createUpstashRedis } from './upstash-redis.ts';

const [url = '', token = '', skewMs = '0', checks = '0'] = process.argv.slice(2);

const systemNow = Date.now.bind(Date);
Date.now = () => systemNow() + Number(skewMs);

const policy: Policy = {
  name: 'p',
  limit: 100,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
};
const redis = createUpstashRedis({ url, token, deadlineMs: 10_000 });
const store = createRedisStore({ redis, secret: 'shared by all' });
await store.take([{ policy, key: 'warm', id: crypto.randomUUID(), cost: 0 }]);

process.stdout.write('ready\n');
process.stdin.once('data', () => {
  void Promise.all(
    Array.from({ length: Number(checks) }, () =>
      store.take([{ policy, key: 'same', id: crypto.randomUUID() }]),
    ),
  ).then((answers) => {
    process.stdout.write(`${String(answers.filter(([decision]) => decision?.allowed).length)}\n`);
    process.stdin.destroy();
  });
});
