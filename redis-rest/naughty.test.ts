import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { startEndpoint, token, type TestEndpoint } from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis, type RedisServer } from '../test/support/redis-server.ts';

describe('naughty input', { skip: withoutRedis }, () => {
  let redis: RedisServer;
  let endpoint: TestEndpoint;
  let isDone = false;
  let bystander: Promise<string>;

  // Somebody else works all the time: whatever is sent here must not be felt there.
  async function countUp(): Promise<string> {
    for (let count = 1; !isDone; count += 1) {
      const answer = await endpoint.run('INCR', 'bystander');
      if (answer !== count) return `${count} came back as ${String(answer)}`;
    }
    return 'undisturbed';
  }

  before(async () => {
    redis = await startRedis();
    endpoint = await startEndpoint({ url: redis.url }, { requestTimeoutMs: 600 });
    bystander = countUp();
  });
  after(async () => {
    await endpoint.close();
    await redis.close();
  });

  const bodies: readonly [string, string | Uint8Array][] = [
    ['nothing', ''],
    ['no JSON', 'SET foo bar'],
    ['half of JSON', '["SET","foo"'],
    ['an object', '{"command":"PING"}'],
    ['a string', '"PING"'],
    ['null', 'null'],
    ['an empty array', '[]'],
    ['an empty command', '[""]'],
    ['a null argument', '["SET","foo",null]'],
    ['an object argument', '["SET","foo",{"a":1}]'],
    ['a nested array', '[["SET","foo","bar"]]'],
    ['arrays without end', '['.repeat(200_000)],
    ['arrays nested deeply', '['.repeat(200_000) + ']'.repeat(200_000)],
    ['bytes that are not UTF-8', Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d)],
    ['an unknown command', '["NOSUCHCOMMAND"]'],
    ['a command that is a number', '[1]'],
    ['a wrong number of arguments', '["GET"]'],
    ['line breaks in the command', '["GET\\r\\nDEL","a"]'],
  ];
  for (const [name, body] of bodies) {
    for (const path of ['/', '/pipeline', '/multi-exec']) {
      // An array of one command is what a pipeline is.
      if (path !== '/' && name === 'a nested array') continue;
      test(`${path} with ${name} is a 400 with a JSON error`, async () => {
        const { status, json, text } = await endpoint.ask({ path, body });
        assert.equal(status, 400, text);
        assert.equal(typeof (json as { error: string }).error, 'string');
      });
    }
  }

  test('a pipeline of no commands, or of things that are none, is a 400', async () => {
    for (const body of ['[null]', '[[]]', '["PING"]', '[["PING"],1]', '[["PING",[]]]']) {
      for (const path of ['/pipeline', '/multi-exec']) {
        assert.equal((await endpoint.ask({ path, body })).status, 400, `${path} ${body}`);
      }
    }
  });

  test('an address that cannot be read is a 400', async () => {
    for (const path of ['/%zz', '/get/%', '/set/foo?%E0%A4%A']) {
      const { status, text } = await endpoint.ask({ method: 'GET', path });
      assert.equal(status, 400, text);
    }
    assert.equal((await endpoint.ask({ method: 'GET', path: '/' })).status, 400);
  });

  const refused = [
    'MULTI|EXEC|DISCARD|WATCH k|UNWATCH|SELECT 1|AUTH x|HELLO 3|RESET|QUIT|CLIENT REPLY OFF|CLIENT KILL ID 1',
    'CLIENT PAUSE 1000|SUBSCRIBE c|PSUBSCRIBE c|SSUBSCRIBE c|UNSUBSCRIBE|MONITOR|BLPOP k 0|BRPOP k 0',
    'BLMOVE a b LEFT LEFT 0|BRPOPLPUSH a b 0|BLMPOP 0 1 k LEFT|BZPOPMIN k 0|BZPOPMAX k 0|BZMPOP 0 1 k MIN',
    'XREAD BLOCK 0 STREAMS s $|XREADGROUP GROUP g c BLOCK 0 STREAMS s >|WAIT 1 0|SHUTDOWN|SAVE|DEBUG SLEEP 1',
    'CONFIG SET dir /|ACL LIST|REPLICAOF NO ONE|SYNC|PSYNC ? -1|FAILOVER|CLUSTER INFO|MODULE LIST|SWAPDB 0 1',
    'XREADGROUP GROUP STREAMS c BLOCK 0 STREAMS s >|XREADGROUP GROUP g STREAMS BLOCK 0 STREAMS s >|XREAD COUNT STREAMS BLOCK 0 STREAMS s $',
    'XREADGROUP COUNT 1 GROUP BLOCK STREAMS NOACK BLOCK 0 STREAMS s >|XREAD UNHEARD STREAMS BLOCK 0 STREAMS s $',
    'SCRIPT DEBUG YES|READONLY|ASKING|SLOWLOG GET|LATENCY RESET|MIGRATE h 1 k 0 1|BGSAVE|MOVE k 1',
  ].flatMap((line) => line.split('|'));
  test('what changes, blocks or administers is refused, and says why', async () => {
    for (const line of refused) {
      for (const command of [line.split(' '), line.toLowerCase().split(' ')]) {
        const { status, text } = await endpoint.ask({ body: command });
        assert.equal(status, 400, text);
        assert.match(text, /is not available over REST: /, line);
        const path = `/${command.map(encodeURIComponent).join('/')}`;
        if (!/^\/(subscribe|psubscribe|monitor)/i.test(path)) {
          assert.equal((await endpoint.ask({ path, method: 'GET' })).status, 400, path);
        }
      }
    }
    const { json } = await endpoint.ask({ body: ['XREAD', 'COUNT', 1, 'STREAMS', 'BLOCK', 0] });
    assert.deepEqual(json, { result: null }, 'a stream may be named BLOCK');
    redis.run('XGROUP', 'CREATE', 'queue', 'BLOCK', '$', 'MKSTREAM');
    const read = ['XREADGROUP', 'GROUP', 'BLOCK', 'BLOCK', 'NOACK', 'STREAMS', 'queue', '>'];
    assert.equal(await endpoint.run(...read), null, 'and a group, and a consumer');
  });

  test('a name with a NUL in it is what Redis may take it for: the name before the NUL', async () => {
    for (const line of ['BLPOP nothing 0', 'SELECT 1', 'CLIENT LIST', 'SCRIPT DEBUG YES', 'CONFIG GET dir']) {
      const [name = '', ...rest] = line.split(' ');
      // Redis finds a name by its hash and compares as C does, so that one in some 200 of these is the command.
      const commands = Array.from({ length: 2000 }, (_, nth) => [`${name}\0${nth}`, ...rest]);
      const { status, json } = await endpoint.ask({ path: '/pipeline', body: commands });
      assert.equal(status, 200, line);
      const refused = (json as { error?: string }[]).filter(({ error }) => error?.includes('over REST: '));
      assert.equal(refused.length, commands.length, line);
    }
    const debug = await endpoint.ask({ body: ['SCRIPT', 'DEBUG\0x', 'YES'] });
    assert.match(debug.text, /over REST: /);
  });

  test('100 MB are refused before they are read', async () => {
    const outgoing = httpRequest(`${endpoint.url}/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-length': 100 * 1024 * 1024 },
    });
    outgoing.on('error', () => undefined);
    outgoing.write(Buffer.alloc(64 * 1024));
    const [response] = await once(outgoing, 'response');
    assert.equal(response.statusCode, 413);
    outgoing.destroy();
  });

  test('a body that grows beyond the limit is refused, whatever was announced', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < 40; sent += 1) controller.enqueue(new Uint8Array(64 * 1024));
        controller.close();
      },
    });
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
      duplex: 'half',
    });
    assert.equal(response.status, 413);
    assert.match(await response.text(), /^\{"error":"ERR the body is too large: at most 1048576 bytes/);
  });

  const halves: readonly [string, string, string][] = [
    ['half a request line', 'POST / HT', '408'],
    ['half of the headers', 'POST / HTTP/1.1\r\nHost: x\r\nAuthor', '408'],
    [
      'half of a body',
      `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 20\r\n\r\n["PING"`,
      '408',
    ],
    ['something else than HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc', '400'],
    ['RESP', '*1\r\n$4\r\nPING\r\n', '400'],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}`, '431'],
    ['a request without a host', 'GET /get/foo HTTP/1.1\r\n\r\n', '400'],
  ];
  for (const [name, bytes, status] of halves) {
    test(
      `${name}, and then silence, is answered with ${status} and closed`,
      { timeout: 300_000 },
      async () => {
        const socket = connect(endpoint.port, '127.0.0.1');
        socket.on('error', () => undefined);
        let answer = '';
        socket.on('data', (chunk) => {
          answer += chunk.toString();
        });
        socket.write(bytes);
        await once(socket, 'close');
        assert.equal(answer.slice(0, 12), `HTTP/1.1 ${status}`);
        if (name !== 'a request without a host') assert.match(answer, /\r\n\r\n\{"error":"ERR [^"]+"\}$/);
      },
    );
  }

  test('a client that leaves in the middle of its request is forgotten', async () => {
    const socket = connect(endpoint.port, '127.0.0.1');
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 20\r\n\r\n["PI`,
    );
    await once(socket, 'ready');
    socket.resetAndDestroy();
    assert.equal(await endpoint.run('PING'), 'PONG');
  });

  test('all the while, another caller was not disturbed, and nothing went wrong inside', async () => {
    isDone = true;
    assert.equal(await bystander, 'undisturbed');
    assert.doesNotMatch(endpoint.logged(), /a request failed/);
  });
});
