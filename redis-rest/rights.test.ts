import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { startEndpoint } from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis, type RedisServer } from '../test/support/redis-server.ts';

const [, rules = ''] =
  /^user blockbot on >\S+ (.+)$/m.exec(readFileSync('deploy/redis/start.sh', 'utf8')) ?? [];
const unfit = 'scripts may run what is refused as a command';

describe('the rights of the Redis user', { skip: withoutRedis }, () => {
  let redis: RedisServer;
  let other: RedisServer;

  before(async () => {
    [redis, other] = await Promise.all([startRedis(), startRedis()]);
  });
  after(async () => {
    await Promise.all([redis.close(), other.close()]);
  });

  /** A user as deployments have it, with or without some rights. */
  function addUser(name: string, ...more: readonly string[]): { readonly url: string } {
    redis.run('ACL', 'SETUSER', name, 'reset', 'on', '>password', ...rules.split(' '), ...more);
    return { url: redis.url.replace('//', `//${name}:password@`) };
  }

  test('as deployments have it: in production a script gets no further than a command', async (t) => {
    redis.run(
      'FUNCTION',
      'LOAD',
      "#!lua name=f\nredis.register_function('f', function() return redis.call('SWAPDB', 0, 1) end)",
    );
    const endpoint = await startEndpoint(addUser('deployed'), { isProduction: true });
    t.after(endpoint.close);
    await endpoint.run('SET', 'mine', 'here');
    for (const call of [
      `'MIGRATE', '127.0.0.1', '${other.port}', 'mine', 0, 1000`,
      ...["'SWAPDB', 0, 1", "'MOVE', 'mine', 1", "'SELECT', 1", "'SLOWLOG', 'GET'", "'SLOWLOG', 'RESET'"],
      ...["'CONFIG', 'GET', '*'", "'CLIENT', 'LIST'", "'CLUSTER', 'RESET'", "'DEBUG', 'SLEEP', 0"],
      ...[
        "'FLUSHALL'",
        "'KEYS', '*'",
        "'ACL', 'LIST'",
        "'PFDEBUG', 'ENCODING', 'mine'",
        "'REPLICAOF', 'NO', 'ONE'",
      ],
      ...["'SHUTDOWN'", "'SAVE'", "'BGSAVE'", "'MONITOR'", "'WAIT', 0, 0", "'MODULE', 'LIST'", "'FAILOVER'"],
      ...["'SCRIPT', 'FLUSH'", "'FUNCTION', 'FLUSH'", "'RESTORE-ASKING', 'k', 0, 'x'", "'LASTSAVE'"],
    ]) {
      for (const verb of ['EVAL', 'EVAL_RO']) {
        const { status, text } = await endpoint.ask({ body: [verb, `return redis.call(${call})`, 0] });
        assert.equal(status, 400, `${verb} ${call}: ${text}`);
        assert.match(text, /The user executing the script can't run|not allowed from script|NOPERM/, call);
      }
    }
    assert.match(String(await endpoint.run('FCALL', 'f', 0)), /NOPERM/);
    assert.equal(await endpoint.run('GET', 'mine'), 'here');
    assert.equal(other.run('DBSIZE'), '0');
    assert.equal(redis.run('-n', '1', 'DBSIZE'), '0');
  });

  test('it has what limits, the doctor and the clients of Upstash need', async (t) => {
    const endpoint = await startEndpoint(addUser('needs'), { isProduction: true });
    t.after(endpoint.close);
    const script =
      "redis.call('ZADD', KEYS[1], redis.call('TIME')[1], 'm') redis.call('PEXPIRE', KEYS[1], 9000) return 1";
    const sha = await endpoint.run('SCRIPT', 'LOAD', script);
    assert.equal(await endpoint.run('EVALSHA', sha, 1, 'z'), 1);
    assert.equal(await endpoint.run('EVAL', script, 1, 'z'), 1);
    assert.deepEqual(await endpoint.run('SCRIPT', 'EXISTS', sha), [1]);
    assert.equal(await endpoint.run('DEL', 'z'), 1);
    assert.equal(await endpoint.run('PING'), 'PONG');
    assert.match(String(await endpoint.run('INFO', 'memory')), /maxmemory_policy/);
    const { text } = await endpoint.ask({
      path: '/multi-exec',
      body: [
        ['INCR', 'n'],
        ['DEL', 'n'],
      ],
    });
    assert.equal(text, '[{"result":1},{"result":1}]');
  });

  test(
    'in production a user who may do more is named, and nothing is served',
    { timeout: 60_000 },
    async (t) => {
      redis.run('SET', 'mine', 'here');
      const commands = [
        'migrate',
        'move',
        'restore-asking',
        'select',
        'slowlog|get',
        'swapdb',
        'cluster|addslots',
      ];
      for (const command of commands) {
        let isUnfit: () => void = () => undefined;
        const told = new Promise<void>((resolve) => {
          isUnfit = resolve;
        });
        const endpoint = await startEndpoint(addUser('excessive', `+${command}`), {
          isProduction: true,
          waits: false,
          onUnfit: isUnfit,
        });
        t.after(endpoint.close);
        await told;
        assert.equal((await endpoint.ask({ body: ['PING'] })).status, 503);
        assert.equal((await endpoint.ask({ path: '/health/ready', method: 'GET' })).status, 503);
        const line = endpoint
          .logged()
          .split('\n')
          .find((each) => each.includes(unfit));
        const { level, commands: named } = JSON.parse(line ?? '{}') as Record<string, string>;
        assert.deepEqual([level, named], ['error', command.toUpperCase()]);
      }
      // Asked for, and not run.
      assert.equal(redis.run('GET', 'mine'), 'here');
    },
  );

  test('in development it is a warning, once for a server, and any Redis will do', async (t) => {
    const endpoint = await startEndpoint({ url: redis.url });
    t.after(endpoint.close);
    assert.equal(await endpoint.run('PING'), 'PONG');
    redis.run('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    while ((await endpoint.ask({ body: ['PING'] })).status !== 200);
    const lines = endpoint
      .logged()
      .split('\n')
      .filter((line) => line.includes(unfit));
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? '',
      /"level":"warn".*"commands":"CLUSTER\|ADDSLOTS .*MIGRATE MOVE .*SELECT SLOWLOG\|GET .*SWAPDB"/,
    );
  });

  test('without a transaction to ask in, nothing is tried and nothing is served', async (t) => {
    redis.run('SET', 'mine', 'here');
    const endpoint = await startEndpoint(addUser('blunt', '+swapdb', '+move', '-multi'), { waits: false });
    t.after(endpoint.close);
    await endpoint.untilLogged('redis is away');
    assert.match(endpoint.logged(), /no permissions to run the 'multi' command/);
    assert.equal((await endpoint.ask({ body: ['PING'] })).status, 503);
    assert.equal(redis.run('GET', 'mine'), 'here');
  });

  for (const right of ['command', 'multi', 'discard'])
    test(
      `without ${right} nothing is served, and once it is granted everything is`,
      { timeout: 60_000 },
      async (t) => {
        const user = addUser('late', `-${right}`);
        const endpoint = await startEndpoint(user, { waits: false });
        t.after(endpoint.close);
        await endpoint.untilLogged('redis is away');
        assert.equal((await endpoint.ask({ body: ['PING'] })).status, 503);
        redis.run('ACL', 'SETUSER', 'late', `+${right}`);
        await endpoint.untilLogged('redis is ready');
        assert.equal(await endpoint.run('PING'), 'PONG');
      },
    );

  test(
    'command taken from a user who was served: asked for again over the connections that serve on',
    { timeout: 60_000 },
    async (t) => {
      const endpoint = await startEndpoint(addUser('served'));
      t.after(endpoint.close);
      const refused = () => Number(/NOPERM:count=(\d+)/.exec(redis.run('INFO', 'errorstats'))?.[1] ?? 0);
      const connections = () =>
        [...redis.run('CLIENT', 'LIST').matchAll(/^id=(\d+) .* user=served /gm)].map(([, id]) => id).sort();
      redis.run('ACL', 'SETUSER', 'served', '-command');
      redis.run('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await endpoint.untilLogged('redis is away');
      while ((await endpoint.ask({ body: ['PING'] })).status !== 200);
      const [before, open] = [refused(), connections()];
      while (refused() < before + 2 * open.length) assert.equal(await endpoint.run('PING'), 'PONG');
      assert.deepEqual(connections(), open);
    },
  );
});
