/** The artefacts of the platforms that call a handler: as each would call it, by the shapes that it documents. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { everyEndpoint } from '../../contract/endpoints.ts';
import type { toLambdaHandler } from '../../hosts/lambda/handler.ts';
import { toNetlifyFunction } from '../../hosts/netlify/function.ts';
import { toVercelFunction } from '../../hosts/vercel/function.ts';
import { makeBundles } from './bundles.ts';
import { echo } from './echo.ts';
import { ofFunctionUrl } from './lambda-events.ts';

Object.assign(process.env, {
  NODE_ENV: 'development',
  LOG_LEVEL: 'error',
  PUBLIC_URL: 'https://api.example.com',
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
});

test('Vercel: the address is what Vercel wrote, whatever the caller wrote', async () => {
  const { fetch } = toVercelFunction(echo, {});
  const headers = { 'x-forwarded-for': '198.51.100.7', 'x-vercel-forwarded-for': '192.0.2.9' };
  const answer = await fetch(new Request('https://api.example.com/echo', { headers }));
  assert.equal(answer.headers.get('x-seen'), '||192.0.2.9');
  assert.equal(answer.headers.getSetCookie().length, 2);
});

test('Netlify: the address is that of its context', async () => {
  const answer = await toNetlifyFunction(echo, {})(new Request('https://api.example.com/echo'), {
    ip: '192.0.2.9',
  });
  assert.equal(answer.headers.get('x-seen'), '||192.0.2.9');
});

test('the handlers that were written for Lambda, Vercel and Netlify answer', async () => {
  const targets = ['lambda', 'vercel', 'netlify'].flatMap((name) => ['--target', name]);
  const out = await makeBundles('--only', 'health/live', ...targets);
  const load = async (file: string) => (await import(pathToFileURL(file).href)) as Record<string, unknown>;

  const lambda = (await load(join(out, 'lambda/health-live/index.mjs')))['handler'] as ReturnType<
    typeof toLambdaHandler
  >;
  const { statusCode, body } = await lambda(ofFunctionUrl('GET', '/health/live'));
  assert.deepEqual([statusCode, body], [200, '{"status":"pass"}']);

  const request = () => new Request('https://api.example.com/health/live');
  const vercelFile = 'vercel/.vercel/output/functions/health/live.func/index.mjs';
  const vercel = (await load(join(out, vercelFile)))['default'] as ReturnType<typeof toVercelFunction>;
  assert.equal((await vercel.fetch(request())).status, 200);

  const netlify = await load(join(out, 'netlify/built/v1/functions/health-live/health-live.mjs'));
  const answer = netlify['default'] as ReturnType<typeof toNetlifyFunction>;
  assert.equal((await answer(request(), { ip: '192.0.2.9' })).status, 200);
  assert.deepEqual((netlify['config'] as { path: string }).path, '/health/live');
});

/** Vercel's own schema is in its documentation only: https://vercel.com/docs/build-output-api */
test('the output for Vercel is complete: each function, its configuration, and a route to it', async () => {
  const out = join(await makeBundles('--target', 'vercel'), 'vercel/.vercel/output');
  const read = (file: string) => JSON.parse(readFileSync(join(out, file), 'utf8')) as object;
  interface Route {
    readonly src: string;
    readonly dest: string;
    readonly methods?: readonly string[];
  }
  const { version, routes, crons, ...rest } = read('config.json') as {
    version: number;
    routes: readonly Route[];
    crons: readonly { path: string; schedule: string }[];
  };
  assert.deepEqual([version, rest], [3, {}]);
  const find = (method: string, path: string) =>
    routes.find(({ src, methods }) => new RegExp(src).test(path) && (methods?.includes(method) ?? true))
      ?.dest;
  for (const { name, method, path } of everyEndpoint) {
    assert.equal(find(method, path), `/${name}`);
    const folder = `functions/${name}.func`;
    const {
      runtime,
      handler,
      launcherType,
      shouldAddHelpers,
      supportsResponseStreaming,
      maxDuration,
      memory,
      ...more
    } = read(`${folder}/.vc-config.json`) as Record<string, unknown>;
    assert.deepEqual(
      [runtime, handler, launcherType, shouldAddHelpers, supportsResponseStreaming, more],
      ['nodejs24.x', 'index.mjs', 'Nodejs', false, true, {}],
    );
    assert.ok(Number.isInteger(maxDuration) && Number(memory) >= 128 && Number(memory) <= 10_240);
    assert.deepEqual(read(`${folder}/package.json`), { type: 'module' });
    assert.ok(existsSync(join(out, folder, 'index.mjs')));
  }
  for (const { path } of crons) assert.ok(find('GET', path));
  assert.ok(find('GET', '/nowhere'));
});
