/**
 * What OpenTelemetry calls a collector: an HTTP server that takes traces and metrics as protobuf
 * (https://opentelemetry.io/docs/specs/otlp/#otlphttp), reads the spans, and keeps every byte.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after } from 'node:test';
import { readMessage, type Field } from './protobuf.ts';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number | readonly string[]>>;
  readonly failed: boolean;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Names of what was measured. */
  readonly metrics: ReadonlySet<string>;
  readonly resource: ReceivedSpan['attributes'];
  /** All that came, for whoever looks for what must not be in it. */
  readonly bytes: () => Buffer;
}

/** Closed by itself when the test file ends. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const bodies: Buffer[] = [];
  const spans: ReceivedSpan[] = [];
  const metrics = new Set<string>();
  const resource: Record<string, string | number | readonly string[]> = {};

  function take(path: string | undefined, body: Buffer): void {
    bodies.push(body);
    // Both are lists of a resource, and below it of scopes.
    for (const group of messagesOf(body, 1)) {
      for (const of of messagesOf(group, 1)) Object.assign(resource, toAttributes(messagesOf(of, 1)));
      for (const scope of messagesOf(group, 2)) {
        if (path === '/v1/traces') spans.push(...messagesOf(scope, 2).map(toSpan));
        else for (const metric of messagesOf(scope, 2)) metrics.add(textOf(metric, 1));
      }
    }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      assert.equal(request.headers['content-type'], 'application/x-protobuf');
      take(request.url, Buffer.concat(chunks));
      response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const url = `http://127.0.0.1:${address.port}`;
  return { url, spans, metrics, resource, bytes: () => Buffer.concat(bodies) };
}

function toSpan(bytes: Buffer): ReceivedSpan {
  const hex = (number: number) => Buffer.from(textOf(bytes, number, 'latin1'), 'latin1').toString('hex');
  const [status = Buffer.alloc(0)] = messagesOf(bytes, 15);
  return {
    traceId: hex(1),
    id: hex(2),
    parentId: hex(4),
    name: textOf(bytes, 5),
    kind: numberOf(bytes, 6),
    attributes: toAttributes(messagesOf(bytes, 9)),
    failed: numberOf(status, 3) === 2,
  };
}

/** KeyValue, and the kinds of AnyValue that a span of ours has. */
function toAttributes(pairs: readonly Buffer[]): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [value = Buffer.alloc(0)] = messagesOf(pair, 2);
      const [list] = messagesOf(value, 5);
      if (list) return [textOf(pair, 1), messagesOf(list, 1).map((each) => textOf(each, 1))];
      return [textOf(pair, 1), readMessage(value).has(3) ? numberOf(value, 3) : textOf(value, 1)];
    }),
  );
}

const fieldsOf = (bytes: Buffer, number: number): readonly Field[] => readMessage(bytes).get(number) ?? [];

const messagesOf = (bytes: Buffer, number: number): readonly Buffer[] =>
  fieldsOf(bytes, number).filter((field) => Buffer.isBuffer(field));

function textOf(bytes: Buffer, number: number, encoding: BufferEncoding = 'utf8'): string {
  return messagesOf(bytes, number)[0]?.toString(encoding) ?? '';
}

function numberOf(bytes: Buffer, number: number): number {
  const [field] = fieldsOf(bytes, number);
  return typeof field === 'number' ? field : 0;
}
