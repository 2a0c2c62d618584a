/** The handler of Lambda, called with each kind of event that it takes. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { HttpEvent } from '../../hosts/lambda/event.ts';
import { toLambdaHandler } from '../../hosts/lambda/handler.ts';
import { createFunction } from '../../lib/http/function.ts';
import { echo } from './echo.ts';
import { ofBalancer, ofFunctionUrl, ofRestApi } from './lambda-events.ts';

Object.assign(process.env, {
  NODE_ENV: 'development',
  LOG_LEVEL: 'error',
  PUBLIC_URL: 'https://api.example.com',
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
});

const empty = createFunction().delete('/empty', (c) => c.body(null, 204));

suite('the Lambda handler', () => {
  const handler = toLambdaHandler(echo, {});

  test('hands cookies, query and the source address on, and answers cookies as a list', async () => {
    const answer = await handler(
      ofFunctionUrl('GET', '/echo', { cookies: ['x=1', 'y=2'], rawQueryString: 'q=%C3%A9' }),
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
    const binary = await handler(ofFunctionUrl('POST', '/echo', { headers, body, isBase64Encoded: true }));
    assert.deepEqual([binary.body, binary.isBase64Encoded], [body, true]);
    const json = { 'content-type': 'application/problem+json; charset=utf-8' };
    const text = await handler(ofFunctionUrl('POST', '/echo', { headers: json, body: '{"a":"\u00fc"}' }));
    assert.deepEqual([text.body, text.isBase64Encoded], ['{"a":"\u00fc"}', false]);
  });

  test('answers 204 without a body, and a path behind a named stage', async () => {
    const { requestContext, ...rest } = ofFunctionUrl('DELETE', '/live/empty');
    const staged = { ...rest, requestContext: { ...requestContext, stage: 'live' } };
    const { statusCode, body } = await toLambdaHandler(empty, {})(staged);
    assert.deepEqual([statusCode, body], [204, '']);
  });

  test('has headers as bytes, as they are on the wire, whatever characters the event has them as', async () => {
    const agent = { 'cf-ipcity': '\u0141\u00f3d\u017a', 'user-agent': 'a\ufffdb' };
    const cookies = ['x=\u0142'];
    const asBytes = (text: string) => Buffer.from(text).toString('latin1');
    const ofApi = await handler(ofFunctionUrl('GET', '/echo', { headers: agent, cookies }));
    assert.equal(ofApi.statusCode, 200);
    assert.equal(ofApi.headers?.['x-user-agent'], asBytes('a\ufffdb'));
    assert.equal(ofApi.headers['x-seen'], `${asBytes('x=\u0142')}||192.0.2.9`);
    const answeredBalancer = await handler(ofBalancer({ headers: { host: 'api.example.com', ...agent } }));
    assert.equal(answeredBalancer.headers?.['x-user-agent'], asBytes('a\ufffdb'));
  });

  const unreadable: readonly (readonly [string, HttpEvent])[] = [
    ['a Host header that is no host', ofBalancer({ headers: { host: 'a b' } })],
    ['a Host header with a path in it', ofBalancer({ headers: { host: 'api.example.com/echo?' } })],
    ['a method that fetch forbids', ofFunctionUrl('TRACE', '/echo')],
    ['a header with a line end in it', ofFunctionUrl('GET', '/echo', { headers: { 'x-a': 'b\nc' } })],
    ['the same of a REST API', ofRestApi({ multiValueHeaders: { 'X-A': ['b\nc'] } })],
  ];
  for (const [what, sent] of unreadable) {
    test(`answers malformed-request to ${what}, in the format of its event`, async () => {
      const { statusCode, headers, multiValueHeaders, body } = await handler(sent);
      assert.equal(statusCode, 400, body);
      const [type] = multiValueHeaders?.['content-type'] ?? [headers?.['content-type']];
      assert.equal(type, 'application/problem+json');
      assert.match(body, /"type":"[^"]*malformed-request"/);
    });
  }

  test('takes the events of REST APIs, and answers each header as a list', async () => {
    const answer = await handler({
      httpMethod: 'POST',
      path: '/echo',
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

  test('takes away a stage where HTTP APIs put it, and no first part of a path of a REST API', async () => {
    const staged = { ...ofRestApi().requestContext, stage: 'echo' };
    const ofHttpApi = await handler({
      ...ofRestApi(),
      version: '1.0',
      path: '/echo/echo',
      requestContext: staged,
    });
    assert.equal(ofHttpApi.statusCode, 200, ofHttpApi.body);
    const behind = createFunction().get('/echo/me', (c) => c.text('me'));
    const sent = { ...ofRestApi(), path: '/echo/me', requestContext: { ...staged, path: '/echo/echo/me' } };
    const { statusCode, body } = await toLambdaHandler(behind, {})(sent);
    assert.deepEqual([statusCode, body], [200, 'me']);
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
      message: 'The event is no HTTP request',
    });
  });
});
