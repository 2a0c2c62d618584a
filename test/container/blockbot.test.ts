/** ./blockbot, as an operator has it: one script, and no Node. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeTemporaryFolder } from '../support/folder.ts';
import { register } from './edge-client.ts';
import { images, inspect, run, withEngine } from './engine.ts';
import { createStack, operator, type Stack, untilReachable, up, unwatched } from './stack.ts';

describe('./blockbot', withEngine, () => {
  let stack: Stack;

  before(async () => {
    stack = await createStack(unwatched);
    await up(stack);
  });
  after(() => stack.remove());

  const blockbot = (...args: readonly string[]) => run('./blockbot', args, { env: stack.env });
  const mustBlockbot = async (...args: readonly string[]) => {
    const { code, output, errors } = await blockbot(...args);
    assert.equal(code, 0, `${output}\n${errors}`);
    return output;
  };

  test('install --app-only makes what is missing in the name of who owns the folder, and nothing twice', async () => {
    const clone = await makeTemporaryFolder();
    assert.equal((await run('git', ['clone', '--quiet', '.', clone])).code, 0);
    assert.equal((await run('chown', ['-R', `${operator}:${operator}`, clone])).code, 0);
    await stack.mustCompose('down', '--volumes', '--timeout', '1');
    const env = { ...stack.env, SECRETS_DIR: `${clone}/secrets`, BACKUP_DIR: `${clone}/backups` };
    const answers = [
      ...['--domain', 'blockbot.test', '--email', 'ops@blockbot.test'],
      ...['--mail-from', 'hello@blockbot.test', '--mail-account', 'smtp://127.0.0.1:9'],
    ];
    const install = async (...given: readonly string[]) => {
      // A certificate of the real authority is not asked for twice, nor here.
      const args = ['install', '--app-only', ...given];
      const { code, output, errors } = await run('./blockbot', args, {
        cwd: clone,
        env: { ...env, ACME_CA: 'production' },
      });
      assert.equal(code, 0, `${output}\n${errors}`);
      return output;
    };
    assert.match(await install(...answers), /^blockbot: done: https:\/\/blockbot\.test\/health/m);
    await untilReachable(stack);
    await register(0);
    const routers = await stack.containers('router');
    const read = async () => [
      await readFile(join(clone, '.env'), 'utf8'),
      await readFile(join(clone, 'secrets/token_secret'), 'utf8'),
    ];
    const before = await read();
    assert.match(before[0] ?? '', /^BLOCKBOT_IMAGE=blockbot:test-current$/m);
    const [newest = ''] = await readdir(join(clone, 'backups/daily'));
    for (const file of ['.env', 'secrets', 'secrets/token_secret', `backups/daily/${newest}`])
      assert.equal((await stat(join(clone, file))).uid, operator, file);
    await install();
    assert.deepEqual(await read(), before);
    assert.deepEqual(await stack.containers('router'), routers);
    assert.deepEqual(await stack.sql('select count(*) from users'), ['1']);
    await stack.mustCompose('--profile', 'backups', 'down', '--volumes', '--timeout', '1');
    await up(stack);
  });

  test('backup makes one, and restore puts the newest back: who came after it is gone, who came before is there', async () => {
    await register(0);
    assert.match(await mustBlockbot('backup'), /made daily\//);
    await register(1);
    assert.deepEqual(await stack.sql('select count(*) from users'), ['2']);
    const refused = await blockbot('restore');
    assert.equal(refused.code, 1, 'nobody typed yes');
    assert.deepEqual(await stack.sql('select count(*) from users'), ['2']);
    assert.match(await mustBlockbot('restore', '--yes'), /restored daily\//);
    assert.deepEqual(await stack.sql('select count(*) from users'), ['1']);
    await untilReachable(stack);
  });

  test('status tells what runs, which release, and how old the newest backup is', async () => {
    const said = await mustBlockbot('status');
    assert.match(said, /^router\s+Up .*healthy/m);
    assert.match(said, /^newest backup: \/backups\/daily\/20\d{6}T\d{6}Z\.dump\.gpg$/m);
    assert.match(said, /^disk: \d+% used/m);
  });

  test('back goes to the release before', async () => {
    await rm('.deploy.history', { force: true });
    const { code, errors } = await run('scripts/deploy.sh', [images.next], { env: stack.env });
    assert.equal(code, 0, errors);
    await mustBlockbot('back');
    const [id = ''] = await stack.containers('router');
    assert.equal(await inspect(id, '{{.Image}}'), await inspect(images.current, '{{.Id}}'));
    await rm('.deploy.history', { force: true });
  });

  test('doctor looks at everything, and ends with 1 where something is broken', async () => {
    const { code, output } = await blockbot('doctor');
    assert.match(output, /^ok +migrations: all \d+ applied/m);
    assert.match(output, /^ok +container blockbot-router-\d+: hardened/m);
    // The domain of this stack is nobody's.
    assert.match(output, /^fail +dns/m);
    assert.equal(code, 1);
  });
});

test('./blockbot: wrong usage is 2, and what is wrong is named before the usage', async () => {
  for (const [args, said] of [
    [[], 'Say which command'],
    [['frobnicate'], "There is no command 'frobnicate'"],
    [['--force'], "Unknown option '--force'"],
  ] as const) {
    const { code, errors } = await run('./blockbot', args);
    assert.equal(code, 2);
    assert.equal(errors.split('\n')[0], said);
    assert.match(errors, /^Usage: \.\/blockbot/m);
  }
});
