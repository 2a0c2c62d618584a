import assert from 'node:assert/strict';
import { readFile, rm, utimes } from 'node:fs/promises';
import { after, before, describe, test, type TestContext } from 'node:test';
import { type Person, register, startLoad } from './edge-client.ts';
import { docker, images, inspect, type Outcome, run, withEngine, withTraefik } from './engine.ts';
import { record } from './figures.ts';
import { createStack, crowd, type Stack, untilHealthy, untilReachable, up } from './stack.ts';

const people = 120;
const perSecond = 100;

describe('under a hundred requests a second', withEngine, () => {
  let stack: Stack;
  let callers: Person[];

  before(async () => {
    stack = await createStack(crowd);
    await up(stack);
    callers = [];
    for (let index = 0; index < people; index += 1) callers.push(await register(index));
  });
  after(() => stack.remove());

  const deploy = (...args: readonly string[]): Promise<Outcome> =>
    run('scripts/deploy.sh', args, { env: { ...stack.env, DEPLOY_PATIENCE: '40' } });
  const mustDeploy = async (...args: readonly string[]): Promise<string> => {
    const { code, output, errors } = await deploy(...args);
    assert.equal(code, 0, `${output}\n${errors}`);
    return output;
  };

  const runningImages = async () =>
    Promise.all((await stack.containers('router')).map((id) => inspect(id, '{{.Config.Image}}')));

  /** Load from before the change until a little after it; nobody may have noticed. */
  async function unnoticed<Result>(context: TestContext, change: () => Promise<Result>): Promise<Result> {
    const load = startLoad(callers, { perSecond });
    await load.answered(3 * perSecond);
    const result = await change();
    await load.answered(5 * perSecond);
    const tally = await load.stop();
    await record(context, tally);
    if (tally.failures.length > 0)
      context.diagnostic(await stack.mustCompose('logs', '--timestamps', '--tail', '60'));
    assert.deepEqual(tally.failures, []);
    assert.ok(tally.posts > 200, 'too few POSTs to say anything');
    return result;
  }

  test('scripts/deploy.sh to a new image and back drops nothing', async (context) => {
    await unnoticed(context, async () => {
      for (const image of [images.next, images.current]) {
        await mustDeploy(image);
        assert.deepEqual(await runningImages(), [image]);
      }
    });
  });

  test('scripts/deploy.sh --back runs the image before, by a name that no tag moves, and drops nothing', async (context) => {
    await rm('.deploy.history', { force: true });
    await mustDeploy(images.next);
    const said = await unnoticed(context, () => mustDeploy('--back'));
    const [running = ''] = await runningImages();
    // By its revision; more is in its name where a former run has left an image of the same one.
    assert.match(running, /^blockbot:current(?:-[0-9a-f]{8})?$/);
    assert.ok(said.endsWith(`done: ${running}`), said);
    assert.equal(await inspect(running, '{{.Id}}'), await inspect(images.current, '{{.Id}}'));
    assert.equal(await readFile('.deploy.history', 'utf8'), `${running}\n`);
    const { code, errors } = await deploy('--back');
    assert.equal(code, 1);
    assert.match(errors, /there is no image before this one/);
    assert.deepEqual(await runningImages(), [running]);
  });

  test('settings that have changed under running services are named, and taken where that is asked for', async () => {
    assert.doesNotMatch(await mustDeploy(images.current), /settings have changed/);
    const [redis = ''] = await stack.containers('redis');
    await utimes('deploy/redis/start.sh', new Date(), new Date());
    const env = { ...stack.env, ACME_EMAIL: 'others@blockbot.test' };
    const named = await run('scripts/deploy.sh', [images.current], { env });
    assert.equal(named.code, 0, named.errors);
    assert.match(named.output, /scripts\/deploy\.sh --settings/);
    assert.match(named.output, /^ {2}redis deploy\/redis\/start\.sh$/m);
    assert.match(named.output, /^ {2}traefik docker-compose\.prod\.yml or \.env$/m);
    assert.deepEqual(await stack.containers('redis'), [redis]);
    const applied = await run('scripts/deploy.sh', ['--settings', images.current], { env });
    assert.equal(applied.code, 0, applied.errors);
    assert.notDeepEqual(await stack.containers('redis'), [redis]);
    const [traefik = ''] = await stack.containers('traefik');
    assert.match(await inspect(traefik, '{{.Config.Env}}'), /others@blockbot\.test/);
    const again = await run('scripts/deploy.sh', [images.current], { env });
    assert.doesNotMatch(again.output, /settings have changed/);
    await stack.mustCompose('up', '-d', '--wait', 'traefik');
    await untilReachable(stack);
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

  test('the socket proxy restarts, and is missed by nobody', async (context) => {
    await unnoticed(context, () => stack.mustCompose('restart', 'socket-proxy'));
  });

  // By events, which the edge has to follow anew by now.
  test('one of two replicas stops, and is missed by nobody', async (context) => {
    await stack.mustCompose('up', '-d', '--no-deps', '--scale', 'router=2', '--wait', 'router');
    await untilHealthy(stack);
    // The one of another image was made anew.
    await untilReachable(stack);
    await unnoticed(context, async () => {
      const [first = ''] = await stack.containers('router');
      await docker('stop', '--time', '30', first);
      assert.equal(await inspect(first, '{{.State.ExitCode}}'), '0');
    });
  });

  // A published port belongs to one container: nobody is there while it starts (docs/decisions/2026-11-26-real-proxy.md).
  test('Traefik restarts: away for a moment, and back by itself', withTraefik, async (context) => {
    const load = startLoad(callers, { perSecond });
    await load.answered(3 * perSecond);
    const since = Date.now();
    await stack.mustCompose('restart', 'traefik');
    await untilReachable(stack);
    const awayMs = Date.now() - since;
    await load.answered(5 * perSecond);
    const tally = await load.stop();
    await record(context, tally);
    const { first, last, kinds } = summarize(tally.failures);
    context.diagnostic(`away for ${awayMs} ms at most, failures within ${last - first} ms: ${kinds}`);
    assert.ok(awayMs < 15_000);
    // Nobody there, no certificate yet, or no router known yet.
    assert.deepEqual(
      [...tally.statuses.keys()].filter((status) => ![0, 200, 503].includes(status)),
      [],
    );
    await unnoticed(context, () => Promise.resolve());
  });
});

/** Of lines of a tally, which begin with their time: from when to when, and how many of which kind. */
function summarize(failures: readonly string[]) {
  const kinds = new Map<string, number>();
  for (const line of failures) {
    const kind = line.replace(/^\S+ \S+ /, '').replace(/(ECONN\w+).*/, '$1');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const times = failures.map((line) => Date.parse(line.slice(0, line.indexOf(' '))));
  return {
    first: Math.min(...times),
    last: Math.max(...times),
    kinds: [...kinds].map(([kind, count]) => `${count} × ${kind}`).join(', '),
  };
}
