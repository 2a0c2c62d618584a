/** The artefact of outbox/deliver, alone and together with another function, called as each platform's scheduler calls. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createTestDatabase } from '../support/database.ts';
import { makeBundles } from './bundles.ts';
import { withoutRuntime } from './executables.ts';
import { startWorkers } from './runtime.ts';

const database = await createTestDatabase();
after(database.drop);
const env = {
  NODE_ENV: 'development',
  LOG_LEVEL: 'error',
  PUBLIC_URL: 'https://api.example.com',
  DATABASE_URL: database.url,
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
  CRON_SECRET: 'a secret of the scheduler, long enough',
};
const out = await makeBundles(
  ...['--only', 'outbox/deliver'],
  ...['cloudflare', 'vercel', 'netlify', 'lambda'].flatMap((target) => ['--target', target]),
);
const together = await makeBundles(
  ...['--together', '--only', 'outbox/deliver', '--only', 'health/live'],
  ...['cloudflare', 'vercel', 'lambda'].flatMap((target) => ['--target', target]),
);
const read = (file: string) => JSON.parse(readFileSync(join(out, file), 'utf8')) as Record<string, unknown>;
const everyMinute = '* * * * *';

test('Vercel asks by GET with CRON_SECRET, and the endpoint takes it; nobody else', async () => {
  const { crons } = read('vercel/.vercel/output/config.json');
  assert.deepEqual(crons, [{ path: '/v1/outbox/deliver', schedule: everyMinute }]);
  Object.assign(process.env, env);
  for (const file of [
    join(out, 'vercel/.vercel/output/functions/outbox/deliver.func/index.mjs'),
    join(together, 'vercel/.vercel/output/functions/all.func/index.mjs'),
  ]) {
    const { default: vercel } = (await import(pathToFileURL(file).href)) as {
      default: { fetch: (request: Request) => Promise<Response> };
    };
    const ask = (secret: string, path = '/v1/outbox/deliver') =>
      vercel.fetch(
        new Request(`https://api.example.com${path}`, {
          headers: {
            Authorization: `Bearer ${secret}`,
            'User-Agent': 'vercel-cron/1.0',
            'X-Vercel-Forwarded-For': '192.0.2.1',
          },
        }),
      );
    const answer = await ask(env.CRON_SECRET);
    assert.equal(answer.status, 200, await answer.clone().text());
    assert.deepEqual(await answer.json(), { sent: 0, failed: 0, dead: 0 });
    assert.equal((await ask('a guess')).status, 401);
    assert.equal((await ask(env.CRON_SECRET, '/v1/outbox')).status, 404);
  }
});

test('Lambda runs by an event of the scheduler, and fails visibly without CRON_SECRET', async () => {
  const { Resources } = read('lambda/template.json') as {
    Resources: Record<string, { Properties?: { Events: Record<string, unknown> } }>;
  };
  assert.deepEqual(Resources['OutboxDeliver']?.Properties?.Events['EveryMinute'], {
    Type: 'Schedule',
    Properties: { Schedule: 'rate(1 minute)' },
  });
  for (const file of [join(out, 'lambda/outbox-deliver/index.mjs'), join(together, 'lambda/all/index.mjs')]) {
    Object.assign(process.env, env);
    const { handler } = (await import(pathToFileURL(file).href)) as {
      handler: (event: object) => Promise<{ statusCode: number }>;
    };
    const event = { 'detail-type': 'Scheduled Event', source: 'aws.events' };
    assert.equal((await handler(event)).statusCode, 204);
    process.env['CRON_SECRET'] = 'another one, of the same length as it';
    await assert.rejects(handler(event), /the scheduled request was answered 401/);
  }
});

test('Netlify runs a function without an address, which asks the one that has it', async () => {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response.writeHead(asked.length === 1 ? 200 : 503).end();
  }).listen(0, '127.0.0.1');
  after(() => server.close());
  await once(server, 'listening');
  const name = 'scheduled-v1-outbox-deliver';
  const file = join(out, `netlify/built/v1/functions/${name}/${name}.mjs`);
  const { default: run, config } = (await import(pathToFileURL(file).href)) as {
    default: () => Promise<void>;
    config: object;
  };
  assert.deepEqual(config, { name, generator: 'blockbot', nodeBundler: 'none', schedule: everyMinute });
  process.env['PUBLIC_URL'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['CRON_SECRET'] = env.CRON_SECRET;
  await run();
  const [{ method, url, headers } = {}] = asked;
  assert.deepEqual(
    [method, url, headers?.authorization],
    ['POST', '/v1/outbox/deliver', `Bearer ${env.CRON_SECRET}`],
  );
  await assert.rejects(run(), /503/);
});

test(
  'a cron trigger of Cloudflare has emails sent, and fails visibly without CRON_SECRET',
  {
    skip: withoutRuntime('cloudflare'),
  },
  async () => {
    const config = read('cloudflare/outbox-deliver/wrangler.jsonc');
    assert.deepEqual(config['triggers'], { crons: [everyMinute] });
    const { CRON_SECRET: _, ...less } = env;
    for (const [folder, name] of [
      [join(out, 'cloudflare'), 'outbox-deliver'],
      [join(together, 'cloudflare'), 'all'],
    ] as const) {
      // What Cloudflare's scheduler does, as another Worker can.
      const clock = join(folder, 'clock.mjs');
      writeFileSync(
        clock,
        `export default { fetch: async (_, env) => Response.json(await env.WORKER.scheduled({ cron: '${everyMinute}' })) };`,
      );
      const workers = [
        { name: 'outbox', file: join(folder, name, 'index.mjs') },
        { name: 'clock', file: clock, services: { WORKER: 'outbox' }, callsHandlers: true },
      ];
      for (const [variables, outcome] of [
        [env, 'ok'],
        [less, 'exception'],
      ] as const) {
        const { ports, close } = await startWorkers(folder, workers, variables);
        const answer = (await (await fetch(`http://127.0.0.1:${ports.get('clock') ?? 1}`)).json()) as object;
        await close();
        assert.equal('outcome' in answer && answer.outcome, outcome, name);
      }
    }
  },
);
