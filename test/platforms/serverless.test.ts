/** The artefacts of the platforms that call a handler: as each would call it, by the shapes that it documents. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { everyEndpoint } from '../../contract/endpoints.ts';
import { createFunction } from '../../lib/http/function.ts';
import { toLambdaHandler } from '../../hosts/lambda/handler.ts';
import { toNetlifyFunction } from '../../hosts/netlify/function.ts';
import { toVercelFunction } from '../../hosts/vercel/function.ts';
import { makeBundles } from './bundles.ts';

Object.assign(process.env, {
  NODE_ENV: 'development',
  LOG_LEVEL: 'error',
  PUBLIC_URL: 'https://api.example.com',
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
});

const echo = createFunction().all('/echo', async (c) => {
  const answer = new Response(await c.req.arrayBuffer(), {
    headers: { 'Content-Type': c.req.header('content-type') ?? 'application/octet-stream' },
  });
  answer.headers.append('Set-Cookie', 'a=1; Path=/');
  answer.headers.append('Set-Cookie', 'b=2; Path=/');
  answer.headers.set(
    'X-Seen',
    `${c.req.header('cookie') ?? ''}|${c.req.query('q') ?? ''}|${c.env.peerAddress}`,
  );
  return answer;
});
const empty = createFunction().delete('/empty', (c) => c.body(null, 204));

const event = (method: string, rawPath: string, more: object = {}) => ({
  version: '2.0',
  rawPath,
  rawQueryString: '',
  headers: { 'x-forwarded-for': '198.51.100.7, 192.0.2.9' },
  isBase64Encoded: false,
  requestContext: {
    domainName: 'abc.lambda-url.eu-central-1.on.aws',
    http: { method, sourceIp: '192.0.2.9' },
  },
  ...more,
});

suite('the Lambda handler', () => {
  const handler = toLambdaHandler(echo, {});

  test('hands cookies, query and the source address on, and answers cookies as a list', async () => {
    const answer = await handler(
      event('GET', '/echo', { cookies: ['x=1', 'y=2'], rawQueryString: 'q=%C3%A9' }),
    );
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(answer.cookies, ['a=1; Path=/', 'b=2; Path=/']);
    assert.equal(answer.headers?.['set-cookie'], undefined);
    assert.equal(answer.headers?.['x-seen'], 'x=1; y=2|\u00e9|192.0.2.9');
  });

  test('carries bytes both ways by base64, and text as it is', async () => {
    const bytes = Buffer.from([0, 255, 128, 7]);
    const headers = { 'content-type': 'image/png' };
    const body = bytes.toString('base64');
    const binary = await handler(event('POST', '/echo', { headers, body, isBase64Encoded: true }));
    assert.deepEqual([binary.body, binary.isBase64Encoded], [body, true]);
    const json = { 'content-type': 'application/problem+json; charset=utf-8' };
    const text = await handler(event('POST', '/echo', { headers: json, body: '{"a":"\u00fc"}' }));
    assert.deepEqual([text.body, text.isBase64Encoded], ['{"a":"\u00fc"}', false]);
  });

  test('answers 204 without a body, and a path behind a named stage', async () => {
    const { requestContext, ...rest } = event('DELETE', '/live/empty');
    const staged = { ...rest, requestContext: { ...requestContext, stage: 'live' } };
    const { statusCode, body } = await toLambdaHandler(empty, {})(staged);
    assert.deepEqual([statusCode, body], [204, '']);
  });

  test('takes the events of REST APIs, and answers each header as a list', async () => {
    const answer = await handler({
      httpMethod: 'POST',
      path: '/live/echo',
      multiValueHeaders: { Cookie: ['x=1'], 'Content-Type': ['text/plain'] },
      multiValueQueryStringParameters: { q: ['\u00e9&'] },
      requestContext: { domainName: 'api.example.com', stage: 'live', identity: { sourceIp: '192.0.2.9' } },
      body: 'here',
      isBase64Encoded: false,
    });
    assert.deepEqual([answer.statusCode, answer.body], [200, 'here']);
    assert.deepEqual(answer.multiValueHeaders?.['x-seen'], ['x=1|\u00e9&|192.0.2.9']);
    assert.deepEqual(answer.multiValueHeaders['set-cookie'], ['a=1; Path=/', 'b=2; Path=/']);
  });

  test('takes the events of load balancers, whose own entry is the last of the addresses, and keeps both cookies', async () => {
    const sent = {
      httpMethod: 'GET',
      path: '/echo',
      queryStringParameters: { q: '%C3%A9%26' },
      headers: { host: 'api.example.com', 'x-forwarded-for': '198.51.100.7, 192.0.2.9' },
      requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:a:1:targetgroup/b/c' } },
      body: '',
      isBase64Encoded: false,
    };
    const { headers = {}, multiValueHeaders } = await handler(sent);
    assert.equal(headers['x-seen'], '|\u00e9&|192.0.2.9');
    const cookies = Object.entries(headers).filter(([name]) => name.toLowerCase() === 'set-cookie');
    assert.deepEqual(
      cookies.map(([, cookie]) => cookie),
      ['a=1; Path=/', 'b=2; Path=/'],
    );
    assert.equal(multiValueHeaders, undefined);
    const { headers: single, ...rest } = sent;
    const lists = Object.fromEntries(Object.entries(single).map(([name, value]) => [name, [value]]));
    const multiple = await handler({ ...rest, multiValueHeaders: lists });
    assert.deepEqual(multiple.multiValueHeaders?.['set-cookie'], ['a=1; Path=/', 'b=2; Path=/']);
  });

  test('names what it can do nothing with', async () => {
    const records: object = { Records: [] };
    await assert.rejects(async () => handler(records as Parameters<typeof handler>[0]), {
      message: 'The event is of no HTTP API, REST API, Function URL or load balancer',
    });
  });
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
  const { statusCode, body } = await lambda(event('GET', '/health/live'));
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
