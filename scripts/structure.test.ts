import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '../test/support/folder.ts';

const script = fileURLToPath(new URL('structure.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');

/** What the command says of a tree of these files. */
async function judge(files: Readonly<Record<string, string>>) {
  const root = await makeTemporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const command = ['--import', tsx, script, '--root', root];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, stdout, faults: stderr.split('\n').filter((line) => line !== '') };
}

test('structure counts a tree that is in order, and finds nothing', async () => {
  const { status, stdout, faults } = await judge({
    'db/client.ts': 'export const client = 1;\n',
    'lib/core/env.ts': "import { client } from '../../db/client.ts';\nexport const env = client;\n",
    'lib/http/guard.ts': "import type { env } from '../core/env.ts';\nexport type Guard = typeof env;\n",
    'lib/http/guard.test.ts': "import { folder } from '../../test/support/folder.ts';\nvoid folder;\n",
    'test/support/folder.ts': 'export function folder() {\n  return 1;\n}\n',
    'node_modules/lib/http.ts': "import '../../lib/http/guard.ts';\n",
  });
  assert.deepEqual(faults, []);
  assert.equal(status, 0);
  assert.match(stdout, /^5 rooms, 19 floors, 3 arrows, upwards or aside: 0\ncircles: 0\n/);
  assert.match(stdout, /\nany: 0, !: 0, suppressions: 0\n$/);
});

for (const [what, files, fault] of [
  [
    'an import of what lies above, also of a type',
    { 'lib/core/env.ts': "\nimport type { Guard } from '../http/guard.ts';\n", 'lib/http/guard.ts': '' },
    /^lib\/core\/env\.ts:2: lib\/core may not import lib\/http\/guard\.ts: what lies below is used without /,
  ],
  [
    'an import of what lies above that waits for its call',
    { 'lib/http/guard.ts': "void import('../pages/page.ts');\n", 'lib/pages/page.ts': '' },
    /^lib\/http\/guard\.ts:1: lib\/http may not import lib\/pages\/page\.ts: what lies below /,
  ],
  [
    'an import of a neighbour',
    { 'lib/mail/sender.ts': "export * from '../security/jwt.ts';\n", 'lib/security/jwt.ts': '' },
    /^lib\/mail\/sender\.ts:1: lib\/mail may not import lib\/security\/jwt\.ts: rooms on one floor stand alone, /,
  ],
  [
    'a circle of three files in one room',
    {
      'lib/mail/a.ts': "import './b.ts';\n",
      'lib/mail/b.ts': "import './c.ts';\n",
      'lib/mail/c.ts': "import type { A } from './a.ts';\n",
    },
    /^lib\/mail\/a\.ts -> lib\/mail\/b\.ts -> lib\/mail\/c\.ts -> lib\/mail\/a\.ts: a circle: none of these can be read, /,
  ],
  [
    'a script that imports a test',
    { 'scripts/seed.ts': "import '../test/support/folder.ts';\n", 'test/support/folder.ts': '' },
    /^scripts\/seed\.ts:1: scripts may not import test\/support\/folder\.ts: commands run where no test is /,
  ],
  [
    'a test that imports a script',
    { 'test/router.test.ts': "import '../scripts/seed.ts';\n", 'scripts/seed.ts': '' },
    /^test\/router\.test\.ts:1: test may not import scripts\/seed\.ts: tests run a command as its users do, /,
  ],
  [
    'a folder that is no room',
    { 'utils/misc.ts': '' },
    /^utils\/misc\.ts: is in no room; name its floor in scripts\/structure\/rooms\.ts, or nothing /,
  ],
  ['a file too long', { 'lib/core/all.ts': '\n'.repeat(251) }, /^lib\/core\/all\.ts: 251 lines, over 250: /],
  [
    'functions too long',
    { 'lib/core/long.ts': `export function long() {${'\n'.repeat(40)}}\n` },
    /^functions have 41 lines in the median and 41 in the 90th percentile, over 9 and 31: /,
  ],
  [
    'any',
    { 'lib/core/loose.ts': '\nexport type Loose = any;\n' },
    /^lib\/core\/loose\.ts:2: any: it spreads /,
  ],
  [
    'a promise to the compiler',
    { 'lib/core/sure.ts': 'export const first = [1][0]!;\n' },
    /^lib\/core\/sure\.ts:1: !: a promise that nothing checks$/,
  ],
  [
    'a suppression, and none that a text speaks of',
    { 'lib/core/quiet.ts': '// @ts-ignore\nexport const quiet = "// eslint-disable-line";\n' },
    /^lib\/core\/quiet\.ts:1: a suppression: it outlives its reason$/,
  ],
] as const) {
  test(`structure refuses ${what}, and says why`, async () => {
    const { status, faults } = await judge(files);
    assert.equal(faults.length, 1, faults.join('\n'));
    assert.match(faults[0] ?? '', fault);
    assert.equal(status, 1);
  });
}

test('structure takes a long file that says why it is long', async () => {
  const text = `/**\n * A table. Long because it has a row\n * for each country.\n */${'\n'.repeat(300)}`;
  const { status, stdout } = await judge({ 'lib/core/countries.ts': text });
  assert.match(stdout, /^lib\/core\/countries\.ts: 303 lines: it has a row for each country$/m);
  assert.equal(status, 0);
});
