import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { call, password, register } from './edge-client.ts';
import { docker, edgeKind, images, inspect, run, withEngine } from './engine.ts';
import { createStack, readAuthority, type Stack, up } from './stack.ts';

describe('docker-compose.prod.yml', withEngine, () => {
  let stack: Stack;

  before(async () => {
    stack = await createStack();
    await up(stack);
  });
  after(() => stack.remove());

  test('comes up healthy, and migrates once', async (context) => {
    const [id = ''] = await stack.containers('router');
    const [startedAt, firstHealthyAt] = (
      await inspect(id, '{{.State.StartedAt}} {{(index .State.Health.Log 0).End}}')
    ).split(/ (?=\d{4}-)/);
    const { output: stats } = await run('docker', [
      'stats',
      '--no-stream',
      '--format',
      '{{.Name}} {{.MemUsage}}',
    ]);
    context.diagnostic(
      `router started ${startedAt ?? ''}, first check ended ${firstHealthyAt ?? ''}\n${stats}`,
    );
    const { output } = await stack.compose('logs', '--no-color', '--no-log-prefix', 'migrate');
    assert.match(output, /applied 0000_accounts/);
    assert.equal(output.match(/applied 0000_accounts/g)?.length, 1);
  });

  test('a second start, and two migrations at once, apply nothing twice', async () => {
    await up(stack);
    const migrate = () => stack.compose('run', '--rm', '--no-deps', '-T', 'migrate');
    for (const { code, output } of [await migrate(), ...(await Promise.all([migrate(), migrate()]))]) {
      assert.equal(code, 0);
      assert.equal(output, 'nothing to apply\ngranted to blockbot_app');
    }
    const applied = await stack.sql('select hash from drizzle.__drizzle_migrations');
    assert.equal(new Set(applied).size, applied.length);
  });

  test('every container is confined: capabilities, privileges, root file system, limits, logs', async () => {
    for (const id of (await stack.mustCompose('ps', '-aq')).split('\n')) {
      const [{ Name, HostConfig: host }] = JSON.parse(await docker('inspect', id)) as [
        {
          Name: string;
          HostConfig: {
            ReadonlyRootfs: boolean;
            CapDrop: string[];
            CapAdd: string[] | null;
            SecurityOpt: string[];
            Memory: number;
            NanoCpus: number;
            PidsLimit: number;
            LogConfig: { Config: Record<string, string> };
          };
        },
      ];
      assert.equal(host.ReadonlyRootfs, true, Name);
      assert.deepEqual(host.CapDrop, ['ALL'], Name);
      assert.ok(host.SecurityOpt.includes('no-new-privileges:true'), Name);
      assert.ok(host.Memory > 0 && host.NanoCpus > 0 && host.PidsLimit > 0, Name);
      assert.equal(host.LogConfig.Config['max-size'], '10m', Name);
      if (/router|redis|migrate/.test(Name)) assert.equal(host.CapAdd, null, Name);
    }
  });

  test('nothing but the edge can be reached from outside, and the databases reach nothing', async () => {
    for (const service of ['router', 'postgres', 'redis', 'redis-rest', 'socket-proxy']) {
      for (const id of await stack.containers(service)) {
        assert.equal(await docker('port', id), '', service);
      }
    }
    for (const service of ['postgres', 'redis', 'redis-rest']) {
      const [id = ''] = await stack.containers(service);
      assert.equal(
        await inspect(id, '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}'),
        'blockbot-internal',
      );
    }
    assert.equal(await docker('network', 'inspect', '-f', '{{.Internal}}', 'blockbot-internal'), 'true');
    // Without IPv6 whoever comes by it is the bridge, and all of them are one caller.
    const web = await docker('network', 'inspect', '-f', '{{.Internal}} {{.EnableIPv6}}', 'blockbot-web');
    assert.equal(web, 'false true');
  });

  test('no secret stands in an environment or a command line', async () => {
    const secrets = (
      await stack.mustCompose(
        'exec',
        '-T',
        'router',
        'node',
        '-e',
        `
      const fs = require('node:fs');
      console.log(fs.readdirSync('/run/secrets').map((name) => fs.readFileSync('/run/secrets/' + name, 'utf8')).join('\\n'))`,
      )
    )
      .split('\n')
      .filter((secret) => secret.length > 16);
    assert.ok(secrets.length >= 5);
    const described = await docker('inspect', ...(await stack.mustCompose('ps', '-aq')).split('\n'));
    for (const secret of secrets) assert.ok(!described.includes(secret));
  });

  test('a person registers, signs in and refreshes through the edge', async () => {
    const person = await register(1);
    const login = await call('/v1/auth/login', { method: 'POST', body: { email: person.email, password } });
    assert.equal(login.status, 200, login.body);
    const { refresh_token } = JSON.parse(login.body) as { refresh_token: string };
    const refreshed = await call('/v1/auth/refresh', { method: 'POST', body: { refresh_token } });
    assert.equal(refreshed.status, 200, refreshed.body);
    const { access_token } = JSON.parse(refreshed.body) as { access_token: string };
    const me = await call('/v1/me', { headers: { Authorization: `Bearer ${access_token}` } });
    assert.equal(me.status, 200, me.body);
  });

  for (const family of [4, 6]) {
    test(`by IPv${family}, the address is the one that the edge saw, and a forged X-Forwarded-For buys no further try`, async () => {
      const { email } = await register(family);
      const authority = edgeKind === 'stand-in' ? '' : await readAuthority(stack);
      const program = `
      const { request } = require(${JSON.stringify(authority ? 'node:https' : 'node:http')});
      const edge = { host: 'traefik', family: ${family}, servername: 'blockbot.test', ca: process.env.AUTHORITY };
      const ask = (path, body, more = {}) => new Promise((resolve, reject) => {
        const asked = request({ ...edge, path, method: body ? 'POST' : 'GET',
          headers: { Host: 'blockbot.test', 'Content-Type': 'application/json', ...more } }, (response) => {
          let text = ''; response.on('data', (chunk) => text += chunk);
          response.on('end', () => resolve({ status: response.statusCode, body: text }));
        });
        asked.on('error', reject).end(body && JSON.stringify(body));
      });
      (async () => {
        const login = (password, forged) => ask('/v1/auth/login', { email: ${JSON.stringify(email)}, password },
          { 'X-Forwarded-For': forged, 'X-Real-Ip': forged, Forwarded: 'for=' + forged });
        const { access_token } = JSON.parse((await login(${JSON.stringify(password)}, '203.0.113.9')).body);
        const { sessions } = JSON.parse((await ask('/v1/sessions', undefined, { Authorization: 'Bearer ' + access_token })).body);
        const statuses = [];
        for (let i = 0; i < 12; i++) statuses.push((await login('wrong password ' + i, i % 2 ? '203.0.113.' + i : '2001:db8::' + i)).status);
        const own = Object.values(require('node:os').networkInterfaces()).flat().filter(({ internal }) => !internal).map(({ address }) => address);
        console.log(JSON.stringify({ own, seen: sessions.find(({ current }) => current).address, statuses }));
      })();`;
      const output = await docker(
        ...['run', '--rm', '--network=blockbot-web', '--env', `AUTHORITY=${authority}`],
        ...['--entrypoint=node', images.current, '-e', program],
      );
      const { own, seen, statuses } = JSON.parse(output) as {
        own: string[];
        seen: string;
        statuses: number[];
      };
      // Never the bridge.
      assert.ok(own.includes(seen), `${seen} is none of ${own.join()}`);
      assert.equal(isIP(seen), family);
      // Ten tries an address in 15 minutes; the login that worked gave its own back.
      assert.deepEqual(statuses, [...Array<number>(10).fill(401), 429, 429]);
    });
  }

  test('/metrics and foreign hosts are not there for the world; health is', async () => {
    assert.equal((await call('/metrics')).status, 404);
    assert.equal((await call('/health', { headers: { Host: 'elsewhere.test' } })).status, 404);
    const health = await call('/health');
    assert.equal(health.status, 200, health.body);
    assert.equal((JSON.parse(health.body) as { status: string }).status, 'pass');
  });
});
