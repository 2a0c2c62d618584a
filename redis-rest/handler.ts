/**
 * The Upstash REST protocol. A request is authorized, read, checked for what may not run, and run; its response
 * is the result, or `{"error": ...}` with whatever is wrong.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Log } from '../lib/core/log.ts';
import { readBody } from './body.ts';
import { parseCommand, parseCommands, parsePath, type Command } from './command.ts';
import type { HealthRoutes } from './health.ts';
import { Rejection } from './rejection.ts';
import { toJson, toResp2, type Format } from './reply.ts';
import { send, sendJson } from './response.ts';
import { toRejection, type Caller, type CommandOutcome, type Runner } from './runner.ts';
import type { StreamKind, Streams } from './stream.ts';
import { createAuthorize } from './tokens.ts';

interface HandlerOptions {
  readonly tokens: readonly string[];
  readonly readOnlyTokens: readonly string[];
  /** Whether `?_token=` is read too. */
  readonly tokenInUrl: boolean;
  readonly maxBodyBytes: number;
}

interface HandlerServices {
  readonly runner: Runner;
  readonly streams: Streams;
  readonly health: HealthRoutes;
  readonly log: Log;
}

export function createHandler(
  options: HandlerOptions,
  { runner, streams, health, log }: HandlerServices,
): RequestListener {
  const authorize = createAuthorize(options);
  const instance = randomBytes(6).toString('base64url');
  let responses = 0;

  return function onRequest(request, response) {
    handle(request, response).catch((error: unknown) => {
      // The client went away, or its stream had begun: nobody waits for a response any more.
      if (response.headersSent || response.destroyed) response.destroy();
      else handleError(response, error);
    });
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '/' } = request;
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const query = mark === -1 ? '' : url.slice(mark + 1);

    const found = health.find(path);
    if (found !== undefined) {
      assertMethod(request, 'GET, HEAD');
      const { status, contentType, body } = await found;
      send(response, status, contentType, JSON.stringify(body), { 'Cache-Control': 'no-store' });
      return;
    }
    assertMethod(request, 'GET, HEAD, POST, PUT');
    const caller = identify(request, query);
    const kind = toStreamKind(path);
    if (kind !== undefined) await openStream(kind, path, caller, request, response);
    else if (path === '/pipeline') {
      assertMethod(request, 'POST, PUT');
      const commands = parseCommands(await readBody(request, options.maxBodyBytes));
      sendMany(response, await runner.run(commands, caller), caller.format);
    } else if (path === '/multi-exec') {
      assertMethod(request, 'POST, PUT');
      const commands = parseCommands(await readBody(request, options.maxBodyBytes));
      // The response to a transaction is JSON only.
      const format = caller.format === 'base64' ? 'base64' : 'json';
      sendMany(response, await runner.transact(commands, caller), format);
    } else {
      const [outcome = null] = await runner.run([await readCommand(request, path, query)], caller);
      if (outcome instanceof Error) throw toRejection(outcome);
      if (caller.format === 'resp2') sendResp2(response, toResp2(outcome));
      else sendResult(response, toJson(outcome, caller.format));
    }
  }

  function identify(request: IncomingMessage, query: string): Caller {
    const access = authorize(findToken(request, query));
    if (access === undefined) {
      throw new Rejection(401, 'WRONGPASS the token is missing or not valid', {
        'WWW-Authenticate': 'Bearer',
      });
    }
    return { readOnly: access === 'read', format: toFormat(request) };
  }

  function findToken({ headers }: IncomingMessage, query: string): string {
    const [, token] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
    if (token !== undefined || !options.tokenInUrl) return token ?? '';
    return new URLSearchParams(query).get('_token') ?? '';
  }

  async function readCommand(request: IncomingMessage, path: string, query: string): Promise<Command> {
    const hasBody = request.method === 'POST' || request.method === 'PUT';
    const body = hasBody ? await readBody(request, options.maxBodyBytes) : undefined;
    return path === '/' && body !== undefined ? parseCommand(body) : parsePath(path, query, body);
  }

  async function openStream(
    kind: StreamKind,
    path: string,
    caller: Caller,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    assertMethod(request, 'GET, POST');
    if (caller.readOnly) {
      throw new Rejection(400, `NOPERM a read-only token has no permission to run '${kind}'`);
    }
    if (!(request.headers.accept ?? '').includes('text/event-stream')) {
      throw new Rejection(400, `ERR '${kind}' is a stream: send "Accept: text/event-stream"`);
    }
    request.resume();
    const [, ...names] = parsePath(path, '', undefined).map(String);
    await streams.open(kind, names, response);
  }

  function sendMany(response: ServerResponse, outcomes: readonly CommandOutcome[], format: Format): void {
    if (format === 'resp2') sendResp2(response, Buffer.concat(outcomes.map(toResp2)));
    else sendResult(response, `[${outcomes.map((outcome) => toJson(outcome, format)).join(',')}]`);
  }

  function sendResult(response: ServerResponse, body: string): void {
    sendJson(response, 200, body, { 'Upstash-Sync-Token': toSyncToken() });
  }

  function sendResp2(response: ServerResponse, body: Buffer): void {
    send(response, 200, 'application/octet-stream', body, { 'Upstash-Sync-Token': toSyncToken() });
  }

  /** One Redis replies in order, so a caller always reads its writes: the token only has to be a new one. */
  function toSyncToken(): string {
    responses += 1;
    return `${instance}.${responses}`;
  }

  function handleError(response: ServerResponse, error: unknown): void {
    if (error instanceof Rejection) {
      sendJson(response, error.status, toJson(error, 'json'), error.headers);
      return;
    }
    log.error('a request failed', {}, error);
    sendJson(response, 500, '{"error":"ERR internal error"}');
  }
}

function assertMethod({ method = '' }: IncomingMessage, allowed: string): void {
  if (!allowed.split(', ').includes(method)) {
    throw new Rejection(405, `ERR this address takes ${allowed}`, { Allow: allowed });
  }
}

function toFormat({ headers }: IncomingMessage): Format {
  const format = headers['upstash-response-format'] ?? 'json';
  const isBase64 = headers['upstash-encoding'] === 'base64';
  if (format !== 'json' && format !== 'resp2') {
    throw new Rejection(400, 'ERR Upstash-Response-Format must be json or resp2');
  }
  if (format === 'resp2' && isBase64) {
    throw new Rejection(400, 'ERR base64 is an encoding of JSON: it cannot go with resp2');
  }
  if (format === 'resp2') return 'resp2';
  return isBase64 ? 'base64' : 'json';
}

function toStreamKind(path: string): StreamKind | undefined {
  const [, name] = /^\/(subscribe|psubscribe|monitor)(?=\/|$)/i.exec(path) ?? [];
  switch (name?.toLowerCase()) {
    case 'subscribe':
      return 'subscribe';
    case 'psubscribe':
      return 'psubscribe';
    case 'monitor':
      return 'monitor';
    default:
      return undefined;
  }
}
