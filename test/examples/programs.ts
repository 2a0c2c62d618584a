/** How each example is started, on a port of its own, and why it can't be here. */
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after } from 'node:test';
import { decodeJwt } from 'jose';
import { makeTemporaryFolder } from '../support/folder.ts';
import { originOf, startProgram, without } from '../support/program.ts';
import { freePort } from '../support/redis-server.ts';
import { audience, closeAtOnce } from './issuer.ts';

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
): Promise<string> {
  const env = { ISSUER: issuer, AUDIENCE: audience, PORT: '0' };
  const line = await startProgram(command, args, { cwd, env, ready });
  return `http://127.0.0.1:${line.match(ready)?.[1]}`;
}

const startNode = (issuer: string) =>
  startService(issuer, 'examples/service-node', [process.execPath, 'server.js']);

// Debian's packages are its own Python's alone.
const pythons = ['python3', '/usr/bin/python3'].filter(
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

async function startNginx(issuer: string): Promise<string> {
  const folder = await makeTemporaryFolder();
  const own = `127.0.0.1:${await freePort()}`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const settings = temporary.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n');
  writeFileSync(join(folder, 'example.conf'), await toConfiguration('nginx.conf', issuer, own));
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${join(folder, 'pid')}; events {}
    http { access_log off; ${settings} include ${join(folder, 'example.conf')}; }`,
  );
  await startProgram(
    '/usr/sbin/nginx',
    ['-c', join(folder, 'nginx.conf'), '-g', 'error_log stderr notice;'],
    {
      ready: /start worker process \d+/,
    },
  );
  return `http://${own}`;
}

async function startTraefik(issuer: string): Promise<string> {
  const folder = await makeTemporaryFolder();
  const own = `127.0.0.1:${await freePort()}`;
  mkdirSync(join(folder, 'dynamic'));
  writeFileSync(join(folder, 'dynamic/example.yml'), await toConfiguration('traefik.yml', issuer, own));
  const options = {
    'entryPoints.web.address': own,
    'providers.file.directory': join(folder, 'dynamic'),
    'log.level': 'DEBUG',
    'global.checkNewVersion': 'false',
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  // Not here, where a traefik.yml of ours would be read.
  await startProgram('traefik', args, {
    cwd: folder,
    ready: /Creating middleware.*verify|middlewareName=verify/,
  });
  // It listens before its routes are there.
  let response = await fetch(`http://${own}`);
  while (response.status === 404) response = await fetch(`http://${own}`);
  return `http://${own}`;
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
    skip: without('nginx is not installed', '/usr/sbin/nginx', '-v'),
    fetchesAtOnce: false,
    start: startNginx,
  },
  {
    name: 'Traefik before service-node',
    skip: without('there is no traefik here', 'traefik', 'version'),
    fetchesAtOnce: false,
    start: startTraefik,
  },
];
