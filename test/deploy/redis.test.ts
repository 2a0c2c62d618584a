/** Redis as deployments start it: what its user may do, and that every deployment means the same user. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { makeTemporaryFolder } from '../support/folder.ts';
import { startEndpoint } from '../support/redis-rest-endpoint.ts';
import { freePort, withoutRedis } from '../support/redis-server.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const [, rules = assert.fail('start.sh has no user')] =
  /^user blockbot on >\S+ (.+)$/m.exec(read('deploy/redis/start.sh')) ?? [];

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly command?: readonly string[]; readonly entrypoint?: readonly string[] }>
  >;
  readonly configs?: Readonly<Record<string, { readonly file: string }>>;
}

test(
  'start.sh starts a Redis whose user is good enough for production, and whose administrator is another',
  { skip: withoutRedis },
  async (t) => {
    const folder = await makeTemporaryFolder();
    const secrets = join(folder, 'secrets');
    await mkdir(secrets);
    await writeFile(join(secrets, 'redis_password'), 'of-the-administrator');
    await writeFile(join(secrets, 'redis_user_password'), 'of-the-user');
    const port = await freePort();
    const server = spawn('sh', ['deploy/redis/start.sh'], {
      env: { PATH: process.env['PATH'], SECRETS_DIR: secrets, REDIS_PORT: String(port), REDIS_DATA: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(async () => {
      server.kill('SIGKILL');
      await once(server, 'exit');
    });
    for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept')) break;

    const url = `redis://blockbot:of-the-user@127.0.0.1:${String(port)}`;
    const endpoint = await startEndpoint({ url }, { isProduction: true });
    t.after(endpoint.close);
    assert.equal(await endpoint.run('EVAL', "return redis.call('SET', KEYS[1], 'v')", 1, 'k'), 'OK');
    assert.match(
      String(await endpoint.run('EVAL', "return redis.call('SWAPDB', 0, 1)", 0)),
      /can't run|NOPERM/,
    );
    assert.match(String(await endpoint.run('INFO', 'memory')), /maxmemory_policy:volatile-ttl/);

    for (const strangers of ['', ':of-the-user@', 'blockbot:of-the-administrator@']) {
      const refused = await startEndpoint(
        { url: `redis://${strangers}127.0.0.1:${String(port)}` },
        { waits: false },
      );
      t.after(refused.close);
      await refused.untilLogged('redis is away');
    }
  },
);

test('both Compose files and Swarm start it so, and the documents name the same rights', () => {
  const development = parse(read('docker-compose.yml')) as Compose;
  assert.deepEqual(development.services['redis']?.command, [
    ...['redis-server', '--protected-mode', 'no', '--user', 'blockbot', 'on', '>blockbot'],
    ...rules.split(' '),
  ]);
  for (const file of ['docker-compose.prod.yml', 'deploy/swarm/docker-stack.yml']) {
    const { services } = parse(read(file), { merge: true }) as Compose;
    assert.deepEqual(services['redis']?.entrypoint, ['/bin/sh', '/opt/redis/start.sh'], file);
  }
  assert.match(read('docker-compose.prod.yml'), /- \.\/deploy\/redis:\/opt\/redis:ro/);
  const swarm = parse(read('deploy/swarm/docker-stack.yml'), { merge: true }) as Compose;
  assert.equal(swarm.configs?.['redis-start']?.file, '../redis/start.sh');
  const quoted = rules.replace('~* &*', "'~*' '&*'").replaceAll(/\+script\|(\w+)/g, "'+script|$1'");
  for (const file of ['docs/redis-rest.md', 'DEPLOYMENT.md']) {
    assert.ok(
      read(file)
        .replaceAll(/ \\\n +/g, ' ')
        .includes(quoted),
      `${file} should have: ${quoted}`,
    );
  }
  const url = /^ {2}redis_url: (.*)$/m.exec(read('deploy/kubernetes/secret.example.yaml'))?.[1];
  assert.match(url ?? '', /^rediss:\/\/blockbot:change-me@/);
});
