/** Builds the image from a clean clone, and runs the container tests with a container engine. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';
import { chooseEdge, type Edge, type Program } from './containers/edge.ts';
import { toFigures } from './containers/figures.ts';
import { findFreshSystems } from './containers/fresh-systems.ts';

const usage = `Usage: npm run test:containers [-- <part of a file name> ...]

Builds the image from a clean clone of HEAD and runs test/container/*.test.ts, one after the other: they use ports 80
and the fixed names of docker-compose.prod.yml. Without an engine, or with one that does not start here, it says so,
and that is no failure. At the end stands a table: what was done under load, with which proxy, requests, failed, slowest.

  CONTAINER_ENGINE   a program that starts an engine of its own and the stand-ins of base images (get, up build, bases,
                     up run, docker ARG ..., net COMMAND ..., down); without it, docker on PATH
  TRAEFIK_BINARY     a Traefik and a Pebble (Let's Encrypt's test server), linked statically, to test with where no
  PEBBLE_BINARY      registry has the pinned images; without these either, a stand-in of Traefik
  UBUNTU_ROOT        Ubuntu 24.04 as a tar archive, for the short path where no registry has its image; it is made by
                     mmdebstrap --variant=minbase --include=apt --components=main,universe noble FILE

Exit codes: 0 all passed or nothing could be run, 1 not all passed, 2 wrong usage.
`;

const engine = process.env['CONTAINER_ENGINE'];
const nodeImage = 'node:24-bookworm-slim';
const tests = 'test/container';

async function findFiles(): Promise<readonly string[]> {
  const { positionals: parts } = readCommandLine(usage, { options: {}, maximumPositionals: Infinity });
  const all = (await readdir(tests)).filter((file) => file.endsWith('.test.ts'));
  const chosen = parts.length === 0 ? all : all.filter((file) => parts.some((part) => file.includes(part)));
  // Without a file node would run every test that it finds.
  if (chosen.length === 0)
    refuseUsage(usage, `No test in ${tests} has '${parts.join("' or '")}' in its name`);
  return chosen.map((file) => join(tests, file));
}

async function main(): Promise<number> {
  const files = await findFiles();
  if (engine === undefined && spawnSync('docker', ['version']).status !== 0) {
    console.log('Left out: the container tests, since no container engine answers (docker version)');
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), 'blockbot-containers-'));
  try {
    if (engine !== undefined) {
      const fault = startEngine(engine);
      if (fault !== undefined) {
        console.log(`Left out: the container tests, since the engine does not start here: ${fault}`);
        return 0;
      }
      await putOnPath(folder);
      await buildBases(folder);
    }
    const edge = chooseEdge(toBase());
    console.log(`The proxy is ${edge.description}`);
    const freshSystems = findFreshSystems(edge, engine && 'standin/debian:12');
    await buildImages(folder);
    for (const program of edge.programs) await buildProgram(folder, program);
    if (engine !== undefined) {
      must(engine, ['down']);
      must(engine, ['up', 'run']);
    }
    const figures = join(folder, 'figures');
    const code = await runTests(files, edge, { TEST_FIGURES: figures, TEST_FRESH_SYSTEMS: freshSystems });
    console.log(`\n${toFigures(figures, edge.kind)}`);
    return code;
  } finally {
    if (engine !== undefined) spawnSync(engine, ['down'], { stdio: 'inherit' });
    await rm(folder, { recursive: true, force: true });
  }
}

/** Why it does not run on this machine, if it doesn't: no rights, no room, no packages. */
function startEngine(program: string): string | undefined {
  const bases = `node=${nodeImage} postgres=standin/postgres redis=standin/redis`;
  try {
    must(program, ['get']);
    // One that is left from a run that was broken off may be in the other mode; and the tests need this one.
    for (const command of [['down'], ['up', 'run'], ['down'], ['up', 'build']]) must(program, command);
    must(program, ['bases'], { BASES: bases });
    return undefined;
  } catch (error) {
    return toErrorMessage(error);
  }
}

/** From here on `docker` is the engine's. */
async function putOnPath(folder: string): Promise<void> {
  await writeFile(join(folder, 'docker'), `#!/bin/sh\nexec "$CONTAINER_ENGINE" docker "$@"\n`);
  await chmod(join(folder, 'docker'), 0o755);
  process.env['PATH'] = `${folder}:${process.env['PATH'] ?? ''}`;
}

/** As the official image: on an empty volume the scripts of its folder run, before anybody can connect by the network. */
const runsInitScripts = `#!/bin/sh
set -eu
data=\${PGDATA:-/var/lib/postgresql/data}
if [ "\${1:-postgres}" = postgres ] && [ ! -s "$data/PG_VERSION" ]; then
  # The stand-in makes the volume, and ends with what it was given instead of the server.
  start-postgres.sh true
  gosu postgres pg_ctl -D "$data" -w -o "-c listen_addresses=''" start >/dev/null
  for script in /docker-entrypoint-initdb.d/*.sh; do
    [ ! -e "$script" ] || gosu postgres sh "$script"
  done
  gosu postgres pg_ctl -D "$data" -w -m fast stop >/dev/null
fi
exec start-postgres.sh "$@"
`;

/** What the official images have and the stand-ins lack. */
async function buildBases(folder: string): Promise<void> {
  const install = 'apt-get update -qq && apt-get install -qq -y --no-install-recommends gnupg >/dev/null';
  await buildFrom(
    folder,
    'postgres:17-bookworm',
    `FROM standin/postgres
RUN ${install} && mv /usr/local/bin/docker-entrypoint.sh /usr/local/bin/start-postgres.sh
COPY <<"END" /usr/local/bin/docker-entrypoint.sh
${runsInitScripts}END
RUN chmod 755 /usr/local/bin/docker-entrypoint.sh
`,
  );
  const data = 'mkdir /data && chown 999:999 /data';
  await buildFrom(folder, 'redis:8-bookworm', `FROM standin/redis\nUSER root\nRUN ${data}\nWORKDIR /data\n`);
}

async function buildImages(folder: string): Promise<void> {
  const clone = join(folder, 'clone');
  must('git', ['clone', '--quiet', '--no-hardlinks', '.', clone]);
  const standIn = engine === undefined ? [] : ['--build-arg', `NODE_IMAGE=${nodeImage}`];
  for (const name of ['current', 'next']) {
    await build(clone, `blockbot:test-${name}`, [...standIn, '--build-arg', `GIT_SHA=${name}`]);
  }
  const program = `if (process.argv[1] !== 'migrate') setInterval(() => undefined, 1000)`;
  await buildFrom(
    folder,
    'blockbot:test-broken',
    `FROM blockbot:test-current
ENTRYPOINT ["node", "-e", ${JSON.stringify(program)}]
HEALTHCHECK --interval=1s --timeout=1s --retries=3 CMD ["false"]
`,
  );
}

async function buildProgram(folder: string, { image, path, dockerfile }: Program): Promise<void> {
  const context = await mkdtemp(join(folder, 'program-'));
  await copyFile(path, join(context, 'program'));
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  await build(context, image, []);
}

async function buildFrom(folder: string, name: string, dockerfile: string): Promise<void> {
  const context = await mkdtemp(join(folder, 'image-'));
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  await build(context, name, []);
}

function build(context: string, name: string, args: readonly string[]): Promise<void> {
  // An engine of our own builds on the host's network, which may have certificates of its own.
  const authorities = '/etc/ssl/certs/ca-certificates.crt';
  const own = engine === undefined ? [] : ['--network=host'];
  if (engine !== undefined && existsSync(authorities)) own.push('--secret', `id=ca,src=${authorities}`);
  console.log(`Building ${name}`);
  must('docker', ['build', '--quiet', ...own, ...args, '--tag', name, context]);
  return Promise.resolve();
}

/** Inside the engine's network where it has one, so that published ports are on 127.0.0.1. */
function runTests(
  files: readonly string[],
  edge: Edge,
  told: Readonly<Record<string, string>>,
): Promise<number> {
  const node = [
    process.execPath,
    '--import',
    'tsx',
    '--test',
    '--test-reporter=spec',
    '--test-concurrency=1',
  ];
  const [command = '', ...args] = [...(engine === undefined ? [] : [engine, 'net']), ...node, ...files];
  const env = {
    ...edge.env,
    ...told,
    TEST_EDGE: edge.kind,
    TEST_NODE_IMAGE: toBase(),
    TEST_OUTSIDE: String(process.pid),
  };
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve) => {
    child.on('exit', (code) => resolve(code === 0 ? 0 : 1));
  });
}

/** Of the images: the stand-in's name, or what the Dockerfile names. */
function toBase(): string {
  if (engine !== undefined) return nodeImage;
  const { stdout } = spawnSync('sed', ['-n', 's/^ARG NODE_IMAGE=//p', 'Dockerfile'], { encoding: 'utf8' });
  return stdout.trim();
}

function must(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(toErrorMessage(error));
  process.exitCode = 1;
}
