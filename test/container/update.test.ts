import assert from 'node:assert/strict';
import { readFile, rm, utimes } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { useCrowd } from './crowd.ts';
import { docker, images, inspect, type Outcome, run, withEngine } from './engine.ts';
import { untilHealthy, untilReachable } from './stack.ts';

describe('under a hundred requests a second', withEngine, () => {
  const crowd = useCrowd();

  const deploy = (...args: readonly string[]): Promise<Outcome> =>
    run('scripts/deploy.sh', args, { env: { ...crowd().stack.env, DEPLOY_PATIENCE: '40' } });
  const mustDeploy = async (...args: readonly string[]): Promise<string> => {
    const { code, output, errors } = await deploy(...args);
    assert.equal(code, 0, `${output}\n${errors}`);
    return output;
  };

  const runningImages = async () =>
    Promise.all((await crowd().stack.containers('router')).map((id) => inspect(id, '{{.Config.Image}}')));

  test('scripts/deploy.sh to a new image and back drops nothing', async (context) => {
    await crowd().unnoticed(context, async () => {
      for (const image of [images.next, images.current]) {
        await mustDeploy(image);
        assert.deepEqual(await runningImages(), [image]);
      }
    });
  });

  test('scripts/deploy.sh --back runs the image before, by a name that no tag moves, and drops nothing', async (context) => {
    await rm('.deploy.history', { force: true });
    await mustDeploy(images.next);
    const said = await crowd().unnoticed(context, () => mustDeploy('--back'));
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
    const [redis = ''] = await crowd().stack.containers('redis');
    await utimes('deploy/redis/start.sh', new Date(), new Date());
    const env = { ...crowd().stack.env, ACME_EMAIL: 'others@blockbot.test' };
    const named = await run('scripts/deploy.sh', [images.current], { env });
    assert.equal(named.code, 0, named.errors);
    assert.match(named.output, /scripts\/deploy\.sh --settings/);
    assert.match(named.output, /^ {2}redis deploy\/redis\/start\.sh$/m);
    assert.match(named.output, /^ {2}traefik docker-compose\.prod\.yml or \.env$/m);
    assert.deepEqual(await crowd().stack.containers('redis'), [redis]);
    const applied = await run('scripts/deploy.sh', ['--settings', images.current], { env });
    assert.equal(applied.code, 0, applied.errors);
    assert.notDeepEqual(await crowd().stack.containers('redis'), [redis]);
    const [traefik = ''] = await crowd().stack.containers('traefik');
    assert.match(await inspect(traefik, '{{.Config.Env}}'), /others@blockbot\.test/);
    const again = await run('scripts/deploy.sh', [images.current], { env });
    assert.doesNotMatch(again.output, /settings have changed/);
    await crowd().stack.mustCompose('up', '-d', '--wait', 'traefik');
    await untilReachable(crowd().stack);
  });

  test('an image that never gets healthy is rolled back', async (context) => {
    const before = await crowd().stack.containers('router');
    const { code, errors } = await crowd().unnoticed(context, () => deploy(images.broken));
    assert.equal(code, 1);
    assert.match(errors, /the old ones still run/);
    assert.deepEqual(await crowd().stack.containers('router'), before);
  });

  test('an image that there is not changes nothing', async () => {
    const before = await crowd().stack.containers('router');
    const { code, errors } = await deploy('blockbot:there-is-no-such-tag');
    assert.equal(code, 1);
    assert.match(errors, /neither here nor in a registry/);
    assert.deepEqual(await crowd().stack.containers('router'), before);
  });

  test('a second deployment beside the first is refused', async () => {
    const [first, second] = await Promise.all([deploy(images.next), deploy(images.next)]);
    assert.deepEqual([first.code, second.code].sort(), [0, 1]);
    assert.match(first.errors + second.errors, /another one is under way/);
  });

  test('the socket proxy restarts, and is missed by nobody', async (context) => {
    await crowd().unnoticed(context, () => crowd().stack.mustCompose('restart', 'socket-proxy'));
  });

  // By events, which the edge has to follow anew by now.
  test('one of two replicas stops, and is missed by nobody', async (context) => {
    await crowd().stack.mustCompose('up', '-d', '--no-deps', '--scale', 'router=2', '--wait', 'router');
    await untilHealthy(crowd().stack);
    // The one of another image was made anew.
    await untilReachable(crowd().stack);
    await crowd().unnoticed(context, async () => {
      const [first = ''] = await crowd().stack.containers('router');
      await docker('stop', '--time', '30', first);
      assert.equal(await inspect(first, '{{.State.ExitCode}}'), '0');
    });
  });
});
