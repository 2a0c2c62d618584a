/** The container engine of the tests: `docker` on PATH, which scripts/test-containers.ts has seen to. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** The images that scripts/test-containers.ts builds from a clean clone. */
export const images = {
  current: 'blockbot:test-current',
  next: 'blockbot:test-next',
  /** Migrates, and then never answers. */
  broken: 'blockbot:test-broken',
  base: process.env['TEST_NODE_IMAGE'] ?? '',
};

/** Options of a test that needs the engine. */
export const withEngine = {
  skip: images.base === '' ? 'no container engine was started for it: npm run test:containers' : false,
};

/** What scripts/test-containers.ts found to be the proxy. */
export const edgeKind = toEdgeKind(process.env['TEST_EDGE']);

function toEdgeKind(told = 'stand-in'): 'pinned images' | 'binaries' | 'stand-in' {
  if (told === 'pinned images' || told === 'binaries' || told === 'stand-in') return told;
  throw new Error(`TEST_EDGE: '${told}' is none of those that there are`);
}

/** Options of a test that nothing but Traefik can pass. */
export const withTraefik = {
  skip:
    withEngine.skip ||
    (edgeKind === 'stand-in' && 'the proxy is a stand-in: see npm run test:containers -- --help'),
};

/** Options of a test that changes rules of the firewall, or has a network of its own. */
export const withFirewall = {
  skip:
    withTraefik.skip ||
    (!(process.getuid?.() === 0 && existsSync('/usr/sbin/iptables-restore')) && 'it takes root and iptables'),
};

export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export async function run(
  command: string,
  args: readonly string[],
  { env = {}, cwd }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code: code ?? 1, output: output.trim(), errors: errors.trim() };
}

/** Its output, when it ends well. */
export async function must(command: string, ...args: readonly string[]): Promise<string> {
  const { code, output, errors } = await run(command, args);
  assert.equal(code, 0, `${command} ${args.join(' ')}: ${errors}${output}`);
  return output;
}

export const docker = (...args: readonly string[]) => must('docker', ...args);

/** Of one container: `{{.State.Pid}}`, say. */
export const inspect = (container: string, format: string) => docker('inspect', '-f', format, container);
