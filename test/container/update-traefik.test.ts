/** Traefik is started anew: what is done so that nobody notices, and what becomes of that where it cannot be done. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { perSecond, useCrowd } from './crowd.ts';
import { call, startLoad, toLine } from './edge-client.ts';
import { images, inspect, must, run, withFirewall, withTraefik } from './engine.ts';
import { untilReachable } from './stack.ts';

describe('under a hundred requests a second Traefik is started anew', withTraefik, () => {
  const crowd = useCrowd();

  const hold = (command: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run('scripts/hold-connections.sh', command, { env: { ...crowd().stack.env, ...env } });
  const rules = async () =>
    (await Promise.all(['iptables-save', 'ip6tables-save'].map((save) => must(save, '-t', 'mangle'))))
      .join('\n')
      .split('\n')
      .filter((line) => line.includes('blockbot-restart'));
  /** Where the line stands that ends connections, for as long as it does. */
  const readDynamic = () => readFile(join(crowd().stack.files, 'traefik', 'dynamic.yml'), 'utf8');
  const traefikRuns = async () => {
    const [id = ''] = await crowd().stack.containers('traefik');
    return inspect(id, '{{.Id}} {{.State.StartedAt}}');
  };

  describe('and new connections are held meanwhile', withFirewall, () => {
    const ways = {
      'with other settings, by scripts/deploy.sh --settings': async () => {
        const env = { ...crowd().stack.env, ACME_EMAIL: 'others@blockbot.test' };
        return run('scripts/deploy.sh', ['--settings', images.current], { env });
      },
      'as a new container, as one of a new image is': () =>
        hold(['docker', 'compose', 'up', '-d', '--wait', '--force-recreate', 'traefik']),
      'as the same container': () => hold(['docker', 'compose', 'restart', 'traefik']),
    };
    for (const [way, start] of Object.entries(ways)) {
      test(`Traefik starts anew ${way}, and is missed by nobody`, async (context) => {
        const before = await traefikRuns();
        const dynamic = await readDynamic();
        const { code, output, errors } = await crowd().unnoticed(context, async () => {
          // Who asks on this host has another way to Traefik.
          const neighbours = startLoad(crowd().others, { perSecond: 10 });
          const outcome = await start();
          await neighbours.answered(20);
          assert.deepEqual((await neighbours.stop()).failures, []);
          return outcome;
        });
        assert.equal(code, 0, `${output}\n${errors}`);
        assert.match(output, /^hold: new connections were held for \d+ ms$/m);
        assert.doesNotMatch(output, /refused meanwhile|did not answer/);
        assert.notEqual(await traefikRuns(), before);
        assert.deepEqual(await rules(), []);
        assert.equal(await readDynamic(), dynamic);
      });
    }

    test('a hold ends with its script, even if that is killed', async () => {
      const dynamic = await readDynamic();
      const script = spawn('scripts/hold-connections.sh', ['sh', '-c', 'echo under way; exec sleep 60'], {
        env: { ...process.env, ...crowd().stack.env, HOLD_CLOSING: '1', HOLD_AT_MOST: '50' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for await (const said of script.stdout.iterator({ destroyOnReturn: false }))
        if (String(said).includes('under way')) break;
      assert.match(await readDynamic(), /Connection: .*close.* # blockbot-restart$/m);
      const held = await rules();
      // 80, 443 and QUIC from elsewhere, and the first two from here; by IPv4 and IPv6.
      assert.equal(held.length, 10, held.join('\n'));
      for (const rule of held) assert.match(rule, /--dport (?:80|443) .*--dst-type LOCAL /);
      script.kill('SIGKILL');
      const end = Date.now() + 5000;
      while ((await rules()).length > 0 || (await readDynamic()) !== dynamic)
        assert.ok(Date.now() < end, 'the rules are still there, or the line is');
      assert.equal((await call('/health/live', { anew: true })).status, 200);
    });

    test('a hold ends after HOLD_AT_MOST seconds, whatever became of Traefik', async () => {
      const stopped = hold(['docker', 'compose', 'stop', 'traefik'], {
        HOLD_CLOSING: '0',
        HOLD_AT_MOST: '4',
      });
      const { output } = await stopped;
      assert.match(output, /Traefik did not answer well within 4 s/);
      assert.deepEqual(await rules(), []);
      // Without it nobody has to wait.
      const { output: unheld } = await hold(['docker', 'compose', 'start', 'traefik']);
      assert.match(
        unheld,
        /^hold: new connections are refused meanwhile: Traefik does not answer well now$/m,
      );
      await untilReachable(crowd().stack);
    });

    const lacks = {
      'iptables is not installed here': [
        'unshare',
        '--mount',
        'sh',
        '-c',
        'mount -t tmpfs none /usr/sbin && exec "$@"',
        '-',
      ],
      'it takes root, or sudo without a password, and iptables': ['setpriv', '--bounding-set', '-net_admin'],
    };
    for (const [why, [program = '', ...args]] of Object.entries(lacks)) {
      test(`nobody is held where that cannot be, and the command runs: ${why}`, async () => {
        const script = ['scripts/hold-connections.sh', 'sh', '-c', 'echo it ran; exit 3'];
        const { code, output } = await run(program, [...args, ...script], { env: crowd().stack.env });
        assert.equal(output, `hold: new connections are refused meanwhile: ${why}\nit ran`);
        assert.equal(code, 3);
      });
    }
  });

  // A published port belongs to one container: nobody is there while it starts.
  test(
    'Traefik starts anew and nobody is held: away for a moment, and back by itself',
    withTraefik,
    async (context) => {
      const load = startLoad(crowd().callers, { perSecond });
      await load.answered(3 * perSecond);
      const since = Date.now();
      await crowd().stack.mustCompose('restart', 'traefik');
      await untilReachable(crowd().stack);
      const awayMs = Date.now() - since;
      await load.answered(5 * perSecond);
      const tally = await load.stop();
      const { first, last, kinds } = summarize(tally.failures);
      context.diagnostic(
        `${toLine(tally)}; away for ${awayMs} ms at most, failures within ${last - first} ms: ${kinds}`,
      );
      assert.ok(awayMs < 15_000);
      // Nobody there, no certificate yet, or no router known yet.
      assert.deepEqual(
        [...tally.statuses.keys()].filter((status) => ![0, 200, 503].includes(status)),
        [],
      );
      await crowd().unnoticed(context, () => Promise.resolve());
    },
  );
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
