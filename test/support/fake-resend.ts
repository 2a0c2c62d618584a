/** Resend, as far as emails are concerned: an HTTP server that keeps idempotency keys, and fails as it is told to. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after } from 'node:test';

/** What reached a mailbox: once for each key. */
export interface Arrival {
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Of who sent it within a trace. */
  readonly traceparent?: string;
}

export type Behaviour =
  | 'accept'
  | 'fail'
  | 'hang'
  /** Answers nothing, and has not taken it. */
  | 'drop'
  /** Takes it, and breaks the connection before the answer. */
  | 'accept and drop'
  | { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

export interface FakeResend {
  readonly url: string;
  /** In the order in which they were taken. */
  readonly arrivals: readonly Arrival[];
  /** How many requests came. */
  readonly requests: () => number;
  /** How request number `nth` (from 0) is treated from now on. */
  readonly behave: (how: (nth: number) => Behaviour) => void;
  /** Resolves when this many emails have arrived, now or earlier. */
  readonly arrived: (count: number) => Promise<void>;
}

/** Closed by itself when the test file ends. */
export async function startFakeResend(): Promise<FakeResend> {
  const arrivals: Arrival[] = [];
  const bodies = new Map<string, string>();
  const waiting = new Set<() => void>();
  let requests = 0;
  let behave: (nth: number) => Behaviour = () => 'accept';

  function take(key: string, body: string, traceparent: string | undefined): boolean {
    const known = bodies.get(key);
    if (known !== undefined) return known === body;
    bodies.set(key, body);
    const payload = JSON.parse(body) as { to: string; subject: string };
    const { to, subject } = payload;
    arrivals.push({ key, to, subject, payload: { ...payload }, ...(traceparent && { traceparent }) });
    for (const check of waiting) check();
    return true;
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const reply = (status: number, document: unknown, headers: Readonly<Record<string, string>> = {}) =>
      response
        .writeHead(status, { 'Content-Type': 'application/json', ...headers })
        .end(JSON.stringify(document));
    const how = behave(requests++);
    const key = request.headers['idempotency-key'];
    if (how === 'hang') return;
    if (how === 'drop') return void response.destroy();
    if (how === 'fail')
      return void response.writeHead(500, { 'Content-Type': 'text/html' }).end('<h1>500</h1>');
    if (typeof how === 'object') return void reply(how.status, how.body, how.headers);
    assert.ok(typeof key === 'string' && request.method === 'POST' && request.url === '/emails');
    assert.match(request.headers.authorization ?? '', /^Bearer re_/);
    const taken = take(key, body, request.headers['traceparent']?.toString());
    if (how === 'accept and drop') return void response.destroy();
    if (taken) reply(200, { id: key });
    else reply(409, { statusCode: 409, name: 'invalid_idempotent_request', message: 'another payload' });
  }

  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => answer(request, response, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return {
    url: `http://127.0.0.1:${address.port}`,
    arrivals,
    requests: () => requests,
    behave: (how) => {
      requests = 0;
      behave = how;
    },
    arrived: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (arrivals.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}
