/** How each example is started, on a port of its own, and why it can't be here. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after } from 'node:test';
import { decodeJwt } from 'jose';
import { makeTemporaryFolder } from '../support/folder.ts';
import { originOf, startProgram, without } from '../support/program.ts';
import { audience, closeAtOnce } from './issuer.ts';
import { startNginx, startTraefik, withoutNginx, withoutTraefik } from './proxies.ts';

export interface Example {
  readonly name: string;
  readonly skip: string | false;
  /** Whether keys are fetched at once when a token names one that is not known; else there is a pause to wait for. */
  readonly fetchesAtOnce: boolean;
  /** Answers its origin. */
  readonly start: (issuer: string) => Promise<string>;
}

const ready = /^listening on (\d+)$/;

async function startService(
  issuer: string,
  cwd: string,
  [command, ...args]: readonly [string, ...string[]],
  own = audience,
): Promise<string> {
  const env = { ISSUER: issuer, AUDIENCE: own, PORT: '0' };
  const line = await startProgram(command, args, { cwd, env, ready });
  return `http://127.0.0.1:${line.match(ready)?.[1]}`;
}

/** @param own whom the service is; `audience` unless told */
export const startNode = (issuer: string, own?: string) =>
  startService(issuer, 'examples/service-node', [process.execPath, 'server.js'], own);

// Debian's packages are its own Python's alone.
export const pythons = ['python3', '/usr/bin/python3'].filter(
  (python) => without('', python, '-c', 'import jwt, cryptography') === false,
);

async function startGo(issuer: string): Promise<string> {
  const program = join(await makeTemporaryFolder(), 'service-go');
  const env = { GOFLAGS: '-mod=readonly' };
  await startProgram('sh', ['-c', 'go build -o "$0" . && echo built', program], {
    cwd: 'examples/service-go',
    env,
    ready: /^built$/,
  });
  return startService(issuer, 'examples/service-go', [program]);
}

/** What stands behind a proxy: it verifies nothing, and tells whom the token is of that it was handed. */
async function startUpstream(): Promise<string> {
  const server = createServer(({ headers: { authorization = '' } }, response) => {
    const { sub } = decodeJwt(authorization.replace(/^Bearer /, ''));
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ sub }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => closeAtOnce(server));
  return originOf(server);
}

/** The file of the example, with the addresses of this test in it. */
async function toConfiguration(file: string, issuer: string, own: string): Promise<string> {
  const verifier = await startNode(issuer);
  const upstream = await startUpstream();
  return readFileSync(`examples/proxies/${file}`, 'utf8')
    .replace('127.0.0.1:8080', own)
    .replace('http://127.0.0.1:4000', verifier)
    .replace('http://127.0.0.1:5000', upstream);
}

export const examples: readonly Example[] = [
  { name: 'service-node', skip: false, fetchesAtOnce: false, start: startNode },
  {
    name: 'service-python',
    skip: pythons.length > 0 ? false : 'no python3 has PyJWT (pip install -r requirements.txt)',
    fetchesAtOnce: false,
    start: (issuer) =>
      startService(issuer, 'examples/service-python', [pythons[0] ?? 'python3', 'server.py']),
  },
  {
    name: 'service-go',
    skip: without(
      'there is no go, or its modules are out of reach',
      'go',
      '-C',
      'examples/service-go',
      'mod',
      'download',
    ),
    fetchesAtOnce: true,
    start: startGo,
  },
  {
    name: 'nginx before service-node',
    skip: withoutNginx,
    fetchesAtOnce: false,
    start: (issuer) => startNginx((own) => toConfiguration('nginx.conf', issuer, own)),
  },
  {
    name: 'Traefik before service-node',
    skip: withoutTraefik,
    fetchesAtOnce: false,
    start: (issuer) => startTraefik((own) => toConfiguration('traefik.yml', issuer, own), 'verify'),
  },
];
