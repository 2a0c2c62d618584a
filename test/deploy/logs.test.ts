/** The way of a line from a container to Loki: Vector with the file as it is, but for where the others are and where it keeps its data. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { makeTemporaryFolder } from '../support/folder.ts';
import { originOf, startProgram, without } from '../support/program.ts';
import { type Field, readMessage } from '../support/protobuf.ts';
import { readSnappy } from '../support/snappy.ts';

const withVector = { skip: without('vector is not installed', 'vector', '--version') };

/** As Traefik 3.7 writes it by our traefik.yml. */
const access =
  '{"ClientAddr":"192.0.2.1:5000","ClientHost":"192.0.2.1","DownstreamStatus":200,"RequestMethod":"GET","level":"info","msg":"","time":"2026-01-02T03:04:05Z"}';
const warning =
  '{"time":"2026-01-02T03:04:05.678Z","level":"warn","message":"postgres is unavailable","cause":"ECONNREFUSED"}';

test(
  'each line is at Loki by service and level, and those of Vector and Loki are not',
  withVector,
  async () => {
    const loki = await startLoki();
    await startVector(loki.url, [
      ['blockbot-router-1', 'router', [warning, '{"message":"of no level"}', '{"level":"of nobody\'s"}']],
      ['blockbot-traefik-1', 'traefik', [access]],
      ['blockbot-postgres-1', 'postgres', ['2026-01-02 03:04:05 UTC [1] LOG:  ready']],
      ['blockbot-loki-1', 'loki', ['level=warn msg="of its own"']],
      ['blockbot-vector-1', 'vector', ['of its own']],
    ]);
    assert.deepEqual(await loki.take(5), [
      ['{level="info", service="postgres"}', '2026-01-02 03:04:05 UTC [1] LOG:  ready'],
      ['{level="info", service="router"}', '{"level":"of nobody\'s"}'],
      ['{level="info", service="router"}', '{"message":"of no level"}'],
      ['{level="info", service="traefik"}', access],
      ['{level="warn", service="router"}', warning],
    ]);
  },
);

test(
  'a container that the socket proxy lets go after ten silent minutes is followed again, and no line comes twice',
  withVector,
  async () => {
    const loki = await startLoki();
    const engine = await startVector(loki.url, [['blockbot-router-1', 'router', [warning]]]);
    assert.deepEqual(await loki.take(1), [['{level="warn", service="router"}', warning]]);
    engine.cut();
    engine.say('blockbot-router-1', 'after it');
    assert.deepEqual(await loki.take(1), [['{level="info", service="router"}', 'after it']]);
  },
);

type Line = readonly [labels: string, text: string];

/** What takes lines as Loki does (https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs). */
async function startLoki() {
  const lines: Line[] = [];
  const known = new Set<string>();
  const arrivals = new EventEmitter();
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      if (request.method === 'POST' && request.url === '/loki/api/v1/push') {
        assert.equal(request.headers['content-type'], 'application/x-protobuf');
        for (const { time, line } of readPush(readSnappy(body))) {
          // What is alike in time and text it has once.
          const entry = `${time} ${line.join(' ')}`;
          if (!known.has(entry)) lines.push(line);
          known.add(entry);
        }
        arrivals.emit('lines');
      }
      response.writeHead(request.method === 'GET' ? 200 : 204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close().closeAllConnections());

  /** The next lines, sorted; none that was not taken may be left. */
  async function take(count: number): Promise<readonly Line[]> {
    while (lines.length < count) await once(arrivals, 'lines');
    return lines.splice(0).sort((a, b) => (a.join() < b.join() ? -1 : 1));
  }

  return { url: originOf(server), take };
}

/** https://github.com/grafana/loki/blob/main/pkg/push/push.proto */
function readPush(message: Buffer): readonly { readonly time: string; readonly line: Line }[] {
  const inner = (fields: readonly Field[] = []) => fields.filter((field) => typeof field !== 'number');
  return inner(readMessage(message).get(1)).flatMap((bytes) => {
    const stream = readMessage(bytes);
    return inner(stream.get(2)).map((each) => {
      const [time, text] = [1, 2].map((number) => inner(readMessage(each).get(number))[0]);
      return { time: String(time?.toString('hex')), line: [String(stream.get(1)?.[0]), String(text)] };
    });
  });
}

type Container = readonly [name: string, service: string, lines: readonly string[]];

/** Vector, and an engine as far as the socket proxy lets it be asked. */
async function startVector(loki: string, containers: readonly Container[]) {
  /** Empty until somebody follows: what was said before, Vector leaves. */
  const said = new Map<string, string[]>();
  const following = new Map<ServerResponse, string>();
  const server = createServer((request, response) => {
    answer(request, response);
  });

  function answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, 'http://engine');
    const path = pathname.replace(/^\/v[\d.]+/, '');
    const [, name = '', what] = /^\/containers\/([^/]+)\/(json|logs)$/.exec(path) ?? [];
    const container = containers.find(([each]) => each === name);
    if (path === '/containers/json') {
      assert.deepEqual(JSON.parse(searchParams.get('filters') ?? ''), {
        label: ['com.docker.compose.project=blockbot'],
      });
      return sendJson(
        response,
        containers.map(([each]) => ({ Id: each, Names: [`/${each}`] })),
      );
    }
    if (path === '/events') return void response.writeHead(200).flushHeaders();
    if (!container) return void response.writeHead(403).end();
    if (what === 'json') return sendJson(response, toDetails(container));
    response.writeHead(200).flushHeaders();
    following.set(response, name);
    if (!said.has(name)) said.set(name, container[2].map(stamp));
    const since = Number(searchParams.get('since'));
    const isAsked = (line: string) => Date.parse(line.slice(0, line.indexOf(' '))) / 1000 >= since;
    for (const line of said.get(name) ?? []) if (isAsked(line)) send(response, line);
    return undefined;
  }

  function say(name: string, text: string): void {
    const line = stamp(text);
    said.get(name)?.push(line);
    for (const [response, of] of following) if (of === name) send(response, line);
  }

  /** As HAProxy does: in the middle of an answer. */
  function cut(): void {
    for (const response of following.keys()) response.destroy();
    following.clear();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close().closeAllConnections());
  const folder = await makeTemporaryFolder();
  const path = join(folder, 'vector.yml');
  const here = readFileSync('deploy/monitoring/vector/vector.yml', 'utf8')
    .replace('http://socket-proxy:2375', originOf(server))
    .replace('http://loki:3100', loki)
    .replace('/var/lib/vector', folder);
  writeFileSync(path, here);
  await startProgram('vector', ['--config', path], { ready: /Vector has started/ });
  return { say, cut };
}

/** `2026-01-02T03:04:05.678000000Z text`, as an engine tells it that is asked for timestamps. */
const stamp = (text: string) => `${new Date().toISOString().replace('Z', '000000Z')} ${text}\n`;

/** One line of standard output, in a frame (https://docs.docker.com/reference/api/engine/version/v1.47/#tag/Container/operation/ContainerAttach). */
function send(response: ServerResponse, line: string): void {
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(line), 4);
  response.write(Buffer.concat([head, Buffer.from(line)]));
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

const toDetails = ([name, service]: Container) => ({
  Id: name,
  Name: `/${name}`,
  Created: '2026-01-01T00:00:00Z',
  Config: {
    Image: 'blockbot:test',
    Tty: false,
    Labels: { 'com.docker.compose.project': 'blockbot', 'com.docker.compose.service': service },
  },
});
