/** ./blockbot, as an operator has it: one script, and no Node. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { register } from './edge-client.ts';
import { images, inspect, run, withEngine } from './engine.ts';
import { createStack, type Stack, untilReachable, up, unwatched } from './stack.ts';

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
    await untilReachable();
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
