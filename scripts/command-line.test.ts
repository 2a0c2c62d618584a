/** Every command of package.json explains itself, and names an argument that it does not know, before it does anything. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '../test/support/folder.ts';

/** What is another program's, with arguments of its own; and the router, as it is built. */
const foreign = { start: 'node', format: 'prettier', 'db:generate': 'drizzle-kit' };

const root = new URL('../', import.meta.url);
const tsx = import.meta.resolve('tsx');
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};
const isOurs = (line: string) => line.startsWith('tsx ');

/** Where nothing is, no program is found, and nothing but this is in the environment. */
const folder = await makeTemporaryFolder();

function run(
  program: string,
  args: readonly string[],
  path = folder,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: path, TMPDIR: folder };
  return new Promise((resolve) => {
    execFile(program, args, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function assertNames(ask: (argument: string) => ReturnType<typeof run>): Promise<void> {
  const help = await ask('--help');
  assert.deepEqual([help.code, help.stderr], [0, '']);
  assert.match(help.stdout, /^Usage: [^]*\n\n[^]*\n\nExit codes: [^]*2 wrong usage[^]*\.\n$/);
  const wrong = await ask('--bogus');
  assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
  assert.equal(wrong.stderr, `Unknown option '--bogus'\n\n${help.stdout}`);
}

test('every command of package.json is one of ours, or of a program that is named here', () => {
  const others = Object.entries(scripts).filter(([, line]) => !isOurs(line));
  assert.deepEqual(Object.fromEntries(others.map(([name, line]) => [name, line.split(' ')[0]])), foreign);
});

describe('a command', { concurrency: availableParallelism() + 1 }, () => {
  for (const [name, line] of Object.entries(scripts).filter(([, command]) => isOurs(command))) {
    // Before the file stands what reads .env.
    const [file = '', ...args] = line.replace(/^tsx (?:--import \S+ )*/, '').split(' ');
    const script = fileURLToPath(new URL(file, root));
    test(`${name} prints its usage when it is asked for, and an argument that it does not know`, async () => {
      await assertNames((argument) => run(process.execPath, ['--import', tsx, script, ...args, argument]));
    });
  }
});

test('the router, which has none, does the same', async () => {
  const main = fileURLToPath(new URL('hosts/node/main.ts', root));
  await assertNames((argument) => run(process.execPath, ['--import', tsx, main, argument]));
});

test('the scripts of an operator, which run where no Node is, do the same', async () => {
  for (const [shell, file] of [
    ['bash', 'scripts/deploy.sh'],
    ['bash', 'scripts/hold-connections.sh'],
    ['sh', 'deploy/backup/backup.sh'],
  ] as const) {
    const script = fileURLToPath(new URL(file, root));
    await assertNames((argument) => run(shell, [script, argument], process.env['PATH']));
  }
});

test('none of them began with its work', () => {
  // What is compiled is kept there.
  const made = readdirSync(folder).filter((name) => !name.startsWith('tsx-'));
  assert.deepEqual(made, []);
});
