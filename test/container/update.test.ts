import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { type Person, register, startLoad, toLine } from './edge-client.ts';
import { docker, images, inspect, type Outcome, run, withEngine } from './engine.ts';
import { createStack, type Stack, untilHealthy, untilReachable, up } from './stack.ts';

const people = 120;
const perSecond = 100;

describe('under a hundred requests a second', withEngine, () => {
  let stack: Stack;
  let callers: Person[];

  before(async () => {
    stack = await createStack();
    await up(stack);
    callers = [];
    for (let index = 0; index < people; index += 1) callers.push(await register(index));
  });
  after(() => stack.remove());

  const deploy = (image: string, env: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
    run('scripts/deploy.sh', [image], { env: { ...stack.env, ...env } });

  const runningImages = async () =>
    Promise.all((await stack.containers('router')).map((id) => inspect(id, '{{.Config.Image}}')));

  /** Load from before the change until a little after it; nobody may have noticed. */
  async function unnoticed<Result>(context: TestContext, change: () => Promise<Result>): Promise<Result> {
    const load = startLoad(callers, { perSecond });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const result = await change();
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const tally = await load.stop();
    context.diagnostic(toLine(tally));
    if (tally.failures.length > 0)
      context.diagnostic(await stack.mustCompose('logs', '--timestamps', '--tail', '60'));
    assert.deepEqual(tally.failures, []);
    assert.ok(tally.posts > 200, 'too few POSTs to say anything');
    return result;
  }

  test('scripts/deploy.sh to a new image and back drops nothing', async (context) => {
    await unnoticed(context, async () => {
      for (const image of [images.next, images.current]) {
        const { code, output, errors } = await deploy(image);
        assert.equal(code, 0, `${output}\n${errors}`);
        assert.deepEqual(await runningImages(), [image]);
      }
    });
  });

  test('an image that never gets healthy is rolled back', async (context) => {
    const before = await stack.containers('router');
    const { code, errors } = await unnoticed(context, () => deploy(images.broken));
    assert.equal(code, 1);
    assert.match(errors, /the old ones still run/);
    assert.deepEqual(await stack.containers('router'), before);
  });

  test('an image that there is not changes nothing', async () => {
    const before = await stack.containers('router');
    const { code, errors } = await deploy('blockbot:there-is-no-such-tag');
    assert.equal(code, 1);
    assert.match(errors, /neither here nor in a registry/);
    assert.deepEqual(await stack.containers('router'), before);
  });

  test('a second deployment beside the first is refused', async () => {
    const [first, second] = await Promise.all([deploy(images.next), deploy(images.next)]);
    assert.deepEqual([first.code, second.code].sort(), [0, 1]);
    assert.match(first.errors + second.errors, /another one is under way/);
  });

  test('one of two replicas stops, and is missed by nobody', async (context) => {
    await stack.mustCompose('up', '-d', '--no-deps', '--scale', 'router=2', '--wait', 'router');
    await untilHealthy(stack);
    // The one of another image was made anew.
    await untilReachable();
    await unnoticed(context, async () => {
      const [first = ''] = await stack.containers('router');
      await docker('stop', '--time', '30', first);
      assert.equal(await inspect(first, '{{.State.ExitCode}}'), '0');
    });
  });
});
