/**
 * Serves every function of a bundled target by itself, each at a port of its own, in the runtime that runs this file:
 * `serve-bundles.ts TARGET FOLDER`. It stands in for what a platform has in front of its functions, prints a line
 * of JSON with the ports, and gives each function nothing but its own platform's way of being called.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Route {
  readonly function: string;
  readonly file: string;
}

type Fetch = (request: Request, context?: unknown) => Promise<Response>;

interface Bundle {
  readonly default: { readonly fetch: Fetch } & Fetch;
  readonly handler: (event: object) => Promise<LambdaResponse>;
}

interface LambdaResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

declare const Deno: {
  readonly serve: (
    options: { port: number; hostname: string; onListen: () => void },
    handler: Fetch,
  ) => { readonly addr: { readonly port: number } };
};
declare const Bun: {
  readonly serve: (options: object) => { readonly port: number };
};

const [, , target = '', folder = ''] = process.argv;
const routes = JSON.parse(readFileSync(join(folder, 'routes.json'), 'utf8')) as readonly Route[];
const hostname = '127.0.0.1';

const servers: Readonly<Record<string, (bundle: Bundle) => Promise<number> | number>> = {
  deno: ({ default: { fetch } }) =>
    Deno.serve({ port: 0, hostname, onListen: () => undefined }, fetch).addr.port,
  bun: ({ default: served }) => Bun.serve({ ...served, port: 0, hostname }).port,
  vercel: ({ default: { fetch } }) => listen((request) => fetch(request)),
  netlify: ({ default: answer }) => listen((request) => answer(request, { ip: toCaller(request) })),
  lambda: ({ handler }) => listen(async (request) => toResponse(await handler(await toEvent(request)))),
};

const serve = servers[target];
if (!serve) throw new TypeError(`no target ${target}`);
const ports: Record<string, number> = {};
for (const { function: name, file } of routes) {
  const bundle = (await import(pathToFileURL(join(folder, file)).href)) as Bundle;
  ports[name] ??= await serve(bundle);
}
process.stdout.write(`${JSON.stringify({ ports })}\n`);

async function listen(fetch: Fetch): Promise<number> {
  const { getRequestListener } = await import('@hono/node-server');
  const answer = getRequestListener(fetch, { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, hostname, resolve));
  return (server.address() as AddressInfo).port;
}

/** Whom the platform's edge saw, as the tests tell it. */
function toCaller(request: Request): string {
  return request.headers.get('x-client-of-the-test') ?? hostname;
}

/**
 * Payload format 2.0, as an HTTP API sends it: names in lower case, cookies apart, whatever is no text in base64.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
async function toEvent(request: Request): Promise<object> {
  const { pathname, search } = new URL(request.url);
  const { cookie, ...headers } = Object.fromEntries(request.headers);
  const body = Buffer.from(await request.arrayBuffer());
  const isText = /^(?:text\/|application\/json)/.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: decodeURI(pathname),
    rawQueryString: search.slice(1),
    headers,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
    requestContext: {
      domainName: 'api.example.com',
      stage: '$default',
      http: { method: request.method, path: pathname, protocol: 'HTTP/1.1', sourceIp: toCaller(request) },
    },
  };
}

function toResponse({ statusCode, headers, cookies = [], body, isBase64Encoded }: LambdaResponse): Response {
  const all = new Headers(headers);
  for (const cookie of cookies) all.append('Set-Cookie', cookie);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return new Response(bytes.length === 0 ? null : bytes, { status: statusCode, headers: all });
}
