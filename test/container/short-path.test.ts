/**
 * The short path of DEPLOYMENT.md, word for word, in a system that has nothing yet. What it can't have here: an init, a
 * firewall and a kernel of its own, for which stand-ins write down what they are asked, and Docker's packages, in whose place is the engine of
 * these tests, with the image built.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { appendFile, copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { domain } from './edge-client.ts';
import { docker, edgeKind, type Outcome, run, withEngine } from './engine.ts';
import { createStack, readAuthority, type Stack, untilReachable, unwatched } from './stack.ts';

/** `Debian 12=image`, one a line; without an image it is left out (scripts/containers/fresh-systems.ts). */
const systems = (process.env['TEST_FRESH_SYSTEMS'] ?? '')
  .split('\n')
  .filter(Boolean)
  .map((line) => line.split('=') as [string, string]);

const folder = '/opt/blockbot';
const isTaken = () => lstatSync(folder, { throwIfNoEntry: false }) !== undefined;

/** What is not to reach the machine that the tests run on. */
const standIns = ['systemctl', 'ufw', 'sysctl', 'swapon', 'mkswap', 'fallocate'];

/** What the operator types when asked. */
const answers: readonly (readonly [asked: string, answer: string])[] = [
  ['Domain of the API', domain],
  ["Mail address for Let's Encrypt", 'ops@blockbot.test'],
  ['Sender of emails', 'hello@blockbot.test'],
  ['Resend API key', 'smtp://127.0.0.1:9'],
];

describe('the short path, in a fresh system', withEngine, () => {
  for (const [name, image] of systems) {
    const skip =
      (image === '' && `no registry has the image of ${name} here (npm run test:containers -- --help)`) ||
      (process.getuid?.() !== 0 && 'only root may chroot') ||
      (isTaken() && `${folder} is there already`);
    test(`${name}: at most six commands to the first sign-in`, { skip }, async (context) => {
      const stack = await createStack(unwatched);
      const root = await mkdtemp(join(tmpdir(), 'blockbot-fresh-'));
      context.after(async () => {
        await stack.remove();
        await rm(folder, { force: true });
        await rm(root, { recursive: true, force: true });
      });
      await makeSystem(root, image);
      await symlink(join(root, folder), folder);
      const [install = '', signIn = ''] = await readShortPath();
      const commands = `${install}\n${signIn}`.split('\n').length;
      assert.ok(commands <= 6, `${commands} commands`);

      const startedAt = performance.now();
      // What a mirror does not bring soon is no fault of ours.
      const missing = await download(root);
      if (missing !== undefined) {
        context.skip(`no mirror of its packages answers: ${missing}`);
        return;
      }
      const { code, output } = await type(install, root, stack);
      const lost = /Failed to fetch|Temporary failure resolving|Could not connect to/.exec(output);
      if (code !== 0 && lost) {
        context.skip(`a mirror stopped answering: ${lost[0]}`);
        return;
      }
      assert.equal(code, 0, output);
      // Behind what Compose sends a terminal on the same line.
      assert.match(output, /blockbot: done: https:\/\/blockbot\.test\/health/);
      await untilReachable(stack);
      const said = await signInWith(signIn, root, stack);
      const minutes = (performance.now() - startedAt) / 60_000;
      assert.equal(said.match(/"access_token":"/g)?.length, 2, said);
      await lookAtHost(root);
      context.diagnostic(
        `${name}: ${commands} commands, ${minutes.toFixed(1)} minutes, without Docker and the image`,
      );
    });
  }
});

/** The two blocks below the heading. */
async function readShortPath(): Promise<readonly string[]> {
  const guide = await readFile('DEPLOYMENT.md', 'utf8');
  const [, section = ''] = /^## The short path\n(.+?)^## /ms.exec(guide) ?? [];
  return [...section.matchAll(/^```sh host-only\n(.+?)\n```$/gms)].map(([, block = '']) => block);
}

async function makeSystem(root: string, image: string): Promise<void> {
  const container = await docker('create', image, 'true');
  const { code, errors } = await run('bash', [
    '-o',
    'pipefail',
    '-c',
    `docker export ${container} | tar --extract --directory ${root}`,
  ]);
  await docker('rm', container);
  assert.equal(code, 0, errors);
  await rm(join(root, 'etc/resolv.conf'), { force: true });
  await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  await appendFile(join(root, 'etc/hosts'), `127.0.0.1 localhost ${domain}\n`);
  const program = async (path: string, text: string) => writeFile(join(root, path), text, { mode: 0o755 });
  // Nothing that is installed is started.
  await program('usr/sbin/policy-rc.d', '#!/bin/sh\nexit 101\n');
  for (const name of standIns)
    await program(`usr/local/sbin/${name}`, `#!/bin/sh\necho "${name} $*" >>/var/log/stand-ins\n`);
  // The engine's client, where it is at home.
  const home = `nsenter --target ${process.pid} --mount --root --wd="$PWD"`;
  await program(
    'usr/local/bin/docker',
    `#!/bin/sh\nPATH=${process.env['PATH'] ?? ''}\nexec ${home} docker "$@"\n`,
  );
  const { code: cloned } = await run('git', ['clone', '--quiet', '--bare', '.', join(root, 'source.git')]);
  assert.equal(cloned, 0);
}

/** `chroot`, with mounts that nobody else sees. `machine` is the network of who started the tests, which the engine may have left. */
function enter(
  root: string,
  network: 'machine' | 'engine',
  ...command: readonly string[]
): readonly string[] {
  const mounts = 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
  const inside = ['unshare', '--mount', 'sh', '-c', mounts, root, ...command];
  return network === 'engine'
    ? inside
    : ['nsenter', '--target', process.env['TEST_OUTSIDE'] ?? '', '--net', ...inside];
}

const search = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  TERM: 'dumb',
};

/** The packages of the short path; what came in their place, if they did not. */
async function download(root: string): Promise<string | undefined> {
  const [, packages = ''] =
    /apt-get install -y -q (ca-certificates .+)/.exec(await readFile('blockbot', 'utf8')) ?? [];
  const apt = 'apt-get -q -o Acquire::Retries=1 -o Acquire::http::Timeout=15';
  const script = `${apt} update --error-on=any && ${apt} install -y --download-only git ${packages}`;
  const command = [
    'timeout',
    '150',
    ...enter(root, 'machine', 'env', '-i', `PATH=${search.PATH}`, 'sh', '-c', script),
  ];
  const { code, output, errors } = await run(command[0] ?? '', command.slice(1));
  if (code === 0) return undefined;
  const said = `${output}\n${errors}`;
  const reason = said.split('\n').findLast((line) => /^(?:E|Err|W):/.test(line));
  // A system without apt-get, say, is no mirror that is silent.
  assert.ok(reason !== undefined || code === 124, said);
  return reason ?? 'it took longer than 150 s';
}

/** As somebody at a terminal does, who answers when asked. */
async function type(commands: string, root: string, stack: Stack): Promise<Outcome> {
  const settings: Readonly<Record<string, string>> = {
    ...stack.env,
    ...search,
    SECRETS_DIR: `${folder}/secrets`,
    BACKUP_DIR: `${folder}/backups`,
    ACME_CA: 'production',
    // The repository of whoever reads the guide.
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'url./source.git.insteadOf',
    GIT_CONFIG_VALUE_0: 'https://github.com/your-organization/blockbot.git',
    GIT_CONFIG_KEY_1: 'safe.directory',
    GIT_CONFIG_VALUE_1: '*',
  };
  // The domain is asked for.
  const { DOMAIN: _domain, ...env } = settings;
  const terminal = ['script', '--quiet', '--return', '--command', 'sh -e /root/commands', '/dev/null'];
  await writeFile(join(root, 'root/commands'), commands);
  const [command = '', ...args] = enter(root, 'machine', ...terminal);
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  const left = [...answers];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const [next] = left;
    if (next && output.includes(next[0])) {
      left.shift();
      child.stdin.write(`${next[1]}\n`);
    }
  });
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? 1)));
  return { code, output: output.replaceAll('\r', ''), errors: '' };
}

async function signInWith(commands: string, root: string, stack: Stack): Promise<string> {
  let asked = commands.replaceAll('api.example.com', domain);
  if (edgeKind === 'stand-in') asked = asked.replaceAll('https://', 'http://');
  else await writeFile(join(root, 'root/authority.pem'), await readAuthority(stack));
  const [command = '', ...args] = enter(root, 'engine', 'sh', '-ec', asked);
  const { output, errors } = await run(command, args, {
    env: { ...search, CURL_CA_BUNDLE: edgeKind === 'stand-in' ? '' : '/root/authority.pem' },
  });
  return output + errors;
}

/** What the stand-ins were asked for, and what was written where nobody stands in. */
async function lookAtHost(root: string): Promise<void> {
  const asked = await readFile(join(root, 'var/log/stand-ins'), 'utf8');
  for (const line of [
    'ufw allow 22/tcp',
    'ufw allow 443/udp',
    'ufw --force enable',
    'systemctl restart fail2ban',
  ])
    assert.ok(asked.split('\n').includes(line), `${line} is not in ${asked}`);
  assert.ok(asked.indexOf('ufw allow 22/tcp') < asked.indexOf('ufw --force enable'));
  assert.match(await readFile(join(root, 'etc/fail2ban/jail.d/blockbot.local'), 'utf8'), /backend = systemd/);
}
