import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Container, judgeContainer } from './containers.ts';

test('containers: what the Compose file hardens is found when it is missing', () => {
  const hardened: Container = {
    Name: '/blockbot-router-1',
    Config: { User: '1001:1001', Env: ['PORT=3000'], Labels: { 'com.docker.compose.service': 'router' } },
    State: { Status: 'running', Health: { Status: 'healthy' } },
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
    [{ State: { Status: 'running', Health: { Status: 'unhealthy' } } }, 'is unhealthy'],
  ] as const) {
    const finding = judgeContainer({ ...hardened, ...weaker });
    assert.equal(finding.status, 'fail');
    assert.ok(finding.said.includes(said), `${finding.said} has not: ${said}`);
  }
});
