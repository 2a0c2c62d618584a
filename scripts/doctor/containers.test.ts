import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder } from '../../test/support/folder.ts';
import {
  type Container,
  judgeBackups,
  judgeContainer,
  judgeInspected,
  judgeLife,
  parseInspected,
} from './containers.ts';

const hardened: Container = {
  Name: '/blockbot-router-1',
  Config: { User: '1001:1001', Env: ['PORT=3000'], Labels: { 'com.docker.compose.service': 'router' } },
  State: { Status: 'running', OOMKilled: false, Health: { Status: 'healthy' } },
  RestartCount: 0,
  HostConfig: {
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    Privileged: false,
    SecurityOpt: ['no-new-privileges:true'],
    Memory: 268_435_456,
    PidsLimit: 128,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
    PortBindings: { '443/tcp': [{ HostIp: '', HostPort: '443' }] },
  },
  Mounts: [],
};

test('containers: what the Compose file hardens is found when it is missing', () => {
  assert.equal(judgeContainer(hardened).status, 'ok');
  const { HostConfig, Config } = hardened;
  for (const [weaker, said] of [
    [{ HostConfig: { ...HostConfig, ReadonlyRootfs: false } }, 'may write to its root'],
    [{ HostConfig: { ...HostConfig, CapDrop: null } }, 'keeps capabilities'],
    [{ HostConfig: { ...HostConfig, SecurityOpt: null } }, 'may gain privileges'],
    [{ HostConfig: { ...HostConfig, Memory: 0 } }, 'has no memory limit'],
    [
      { HostConfig: { ...HostConfig, PortBindings: { '5432/tcp': [{ HostIp: '', HostPort: '5432' }] } } },
      'open to the world on 5432',
    ],
    [{ Config: { ...Config, User: '' } }, 'runs as root'],
    [{ Config: { ...Config, Env: ['TOKEN_SECRET=x'] } }, 'has a secret in its environment'],
    [{ Mounts: [{ Source: '/var/run/docker.sock' }] }, "has Docker's socket"],
  ] as const) {
    const finding = judgeContainer({ ...hardened, ...weaker });
    assert.equal(finding.status, 'fail');
    assert.ok(finding.said.includes(said), `${finding.said} has not: ${said}`);
  }
});

test('containers: one that is ill is told with what its last check said, and where to read on', () => {
  const container = { Name: '/blockbot-router-1', RestartCount: 0 };
  const running = { Status: 'running', OOMKilled: false };
  const log = [
    { ExitCode: 0, Output: '' },
    { ExitCode: 1, Output: 'connect ECONNREFUSED\n  127.0.0.1:3000' },
  ];
  for (const [state, status, said] of [
    [running, 'ok', 'lives'],
    [{ ...running, Health: { Status: 'healthy', Log: log } }, 'ok', 'lives'],
    [{ ...running, Health: { Status: 'starting', Log: null } }, 'warn', 'is starting'],
    [
      { ...running, Health: { Status: 'unhealthy', Log: log } },
      'fail',
      'is unhealthy: its check ended with 1 (connect ECONNREFUSED 127.0.0.1:3000)',
    ],
    [{ ...running, OOMKilled: true }, 'fail', 'ran out of memory'],
    [{ ...running, Status: 'restarting' }, 'fail', 'is restarting'],
  ] as const) {
    const finding = judgeLife({ ...container, State: state });
    assert.deepEqual([finding.status, finding.said], [status, said]);
    if (status !== 'ok') assert.match(finding.advice ?? '', /docker logs --tail 50 blockbot-router-1/);
  }
  const restarted = judgeLife({ ...container, State: running, RestartCount: 3 });
  assert.deepEqual([restarted.status, restarted.said], ['warn', 'was restarted 3 times']);
});

test('containers: a backup that is missing or stale is told, and the one that is fresh', () => {
  assert.equal(judgeBackups({ code: 0, said: '' }).status, 'ok');
  assert.equal(judgeBackups(undefined).status, 'warn');
  const stale = judgeBackups({
    code: 1,
    said: 'backup: the newest backup is older than 26 hours: daily/20261120T031500Z.dump.gpg\n',
  });
  assert.deepEqual(
    [stale.status, stale.said],
    ['fail', 'the newest backup is older than 26 hours: daily/20261120T031500Z.dump.gpg'],
  );
});

test('containers: of each that docker inspect tells, whether it lives and whether it is hardened', () => {
  const dying = { ...hardened, State: { Status: 'running', OOMKilled: true } };
  const findings = judgeInspected(parseInspected(JSON.stringify([hardened, dying])));
  assert.deepEqual(
    findings.map(({ status, said }) => [status, said]),
    [
      ['ok', 'lives'],
      ['ok', 'hardened'],
      ['fail', 'ran out of memory'],
      ['ok', 'hardened'],
    ],
  );
});

test('containers: where Docker refuses to say what runs, its word is told, and both causes that this has', async () => {
  const bin = await makeTemporaryFolder();
  const word = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.';
  await writeFile(join(bin, 'docker'), `#!/bin/sh\necho '${word}' >&2\nexit 1\n`);
  await chmod(join(bin, 'docker'), 0o755);
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/doctor.ts', 'containers'], {
    encoding: 'utf8',
    env: { PATH: bin },
  });
  assert.ok(stdout.includes(word), stdout);
  assert.match(stdout, /-> Is Docker running, and may this user ask it\?/);
});
