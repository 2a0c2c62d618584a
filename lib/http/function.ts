/**
 * The function factory: a Hono app that answers every request as Blockbot does, whether it runs alone or holds all
 * functions. What surrounds the one route (request id, log line, security headers, CORS, problems for whatever
 * goes wrong) wraps `fetch` itself and not `app.use('*')`, which would run for every other function once mounted.
 */
import type { Context, ExecutionContext, Hono, NotFoundHandler } from 'hono';
import { Hono as TinyHono } from 'hono/tiny';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { getPath } from 'hono/utils/url';
import { allowCrossOrigin, respondToPreflight } from './cors.ts';
import { isHttpException, plainProblemOf } from './http-exception.ts';
import { problemOf } from './outage-problem.ts';
import { createRequestContext, type RequestContext } from './request-context.ts';
import { andThen, settle } from '../core/awaitable.ts';
import { challengeHeader, Problem, problems, toProblemDocument } from '../core/problem.ts';
import { rulesOf } from './guard.ts';
import { combineHeader, type ResponseHeaders } from './response-headers.ts';
import type { FunctionEnv, ServiceName, Services } from './services.ts';

/** What a request is answered with; a function that needs no services, such as /health/live, may be given none. */
type Bindings = Partial<Services> & { readonly requestContext: RequestContext };

// Each bundle owns a copy of this module, so what a function declares is found by a registered symbol.
const servicesKey = Symbol.for('blockbot.services');

/**
 * An app for exactly one route, which carries a guard.
 *
 * @param services what the handler needs besides what every function has; what the guard's caller needs comes by itself
 *
 * @example
 * export default createFunction('database').get('/v1/me', guard({ caller: user, limits: limit(api) }), (c) => ...);
 */
export function createFunction<Names extends ServiceName = never>(
  ...services: readonly Names[]
): Hono<FunctionEnv<Names>> {
  const app = surround(new TinyHono<FunctionEnv<Names>>({ getPath: toStrictPath }));
  return Object.assign(app, { [servicesKey]: services });
}

/** The services that a function and the guard of its route declare; a bundle opens no others. */
export function servicesOf(app: Pick<Hono, 'routes'>): ReadonlySet<ServiceName> {
  const declared = servicesKey in app ? (app[servicesKey] as readonly ServiceName[]) : [];
  const guards = app.routes.map(({ handler }) => rulesOf(handler));
  const asked = guards.flatMap((rules) => [rules?.caller.services ?? [], rules?.idempotency?.services ?? []]);
  return new Set([...declared, ...asked.flat()]);
}

/** To the router of `hono/tiny` a slash at the end is nothing; to the router of all functions it is another path. */
function toStrictPath(request: Request): string {
  const path = getPath(request);
  return path.length > 1 && path.endsWith('/') ? `${path}/` : path;
}

/** What the hosts, and tests, use of a function, whatever services it declares. */
export interface FunctionApp extends Pick<Hono, 'routes'> {
  readonly fetch: (
    request: Request,
    env?: object,
    context?: ExecutionContext,
  ) => Response | Promise<Response>;
  readonly request: (path: string, init?: RequestInit, env?: object) => Response | Promise<Response>;
}

/** Makes a Hono app answer as every function does; for the factory above, and for the router that holds them all. */
export function surround<Names extends ServiceName>(app: Hono<FunctionEnv<Names>>): Hono<FunctionEnv<Names>> {
  app.onError(handleError);
  app.notFound(handleUnmatched(app));
  const dispatch = app.fetch;

  app.fetch = (request, env, context) => {
    const services: Partial<Services> = env ?? {};
    const startedAt = performance.now();
    const requestContext = createRequestContext(request.headers);
    const { headers } = requestContext;
    const bindings = { ...services, requestContext };
    const answered = settle(
      () =>
        respondToPreflight(request, services.settings, (path) => allowedMethods(app, path)) ??
        dispatch(request, bindings, context),
    );
    return andThen(answered, (settled) => {
      // Hono hands errors to `onError`, and nothing else that can be thrown.
      const response = settled.refused ? respondTo(settled.refusal, bindings) : settled.value;
      if (services.settings) {
        if (services.settings.publicUrl.startsWith('https:')) {
          headers['strict-transport-security'] = 'max-age=31536000; includeSubDomains';
        }
        allowCrossOrigin(request, headers, services.settings);
      }
      logResponse(services, requestContext, request, response.status, performance.now() - startedAt);
      if (!services.headerSink) return withHeaders(response, headers);
      services.headerSink.addHeaders(headers);
      return response;
    });
  };
  return app;
}

function withHeaders(response: Response, added: Readonly<ResponseHeaders>): Response {
  const { headers } = response;
  try {
    for (const name in added) {
      const value = added[name] ?? '';
      const present = headers.get(name);
      headers.set(name, present === null ? value : combineHeader(name, present, value));
    }
    return response;
  } catch {
    // The headers of a response that was handed on, such as a redirect of the platform's own, can't be changed.
    return withHeaders(new Response(response.body, response), added);
  }
}

function logResponse(
  { log, onResponse }: Partial<Services>,
  requestContext: RequestContext,
  request: Request,
  status: number,
  durationMs: number,
): void {
  // Never the address itself once an endpoint has matched: an address can hold an id, and an endpoint says more.
  const { route = 'none' } = requestContext;
  onResponse?.({ method: request.method, route, status, durationMs });
  // Monitors ask for health many times a minute, an open dev mailbox for itself; they would drown the others.
  const isRoutine = /^\/(health|dev)(\/|$)/.test(route);
  const write = status >= 500 ? log?.warn : isRoutine ? log?.debug : log?.info;
  write?.('response sent', {
    request_id: requestContext.requestId,
    trace_id: requestContext.traceId,
    caller: requestContext.callerId,
    method: request.method,
    'http.route': route,
    status,
    duration_ms: Math.round(durationMs * 100) / 100,
  });
}

type ProblemContext = Pick<Context<FunctionEnv>, 'body' | 'env'>;

/** What Hono calls `onError`, for whatever was thrown. */
export const handleError = (thrown: unknown, c: ProblemContext) => c.body(...toResponse(thrown, c.env));

function respondTo(thrown: unknown, bindings: Bindings): Response {
  const [body, status, headers] = toResponse(thrown, bindings);
  return new Response(body, { status, headers });
}

/** What was raised on purpose as it is; all else is a bug, which the log is told and the caller is not. */
function toResponse(thrown: unknown, bindings: Bindings): ResponseParts {
  const problem = problemOf(thrown);
  if (problem && problem.slug in problems) return toProblemResponse(problem, bindings);
  const { log, requestContext } = bindings;
  if (isHttpException(thrown) && thrown.status !== 500) {
    const plain = plainProblemOf(thrown);
    return plain ? toProblemResponse(plain, bindings) : toPlainResponse(thrown.status, bindings);
  }
  log?.error('request failed', { request_id: requestContext.requestId }, thrown);
  return toProblemResponse(new Problem('internal-error'), bindings);
}

// RFC 9110, section 15, and RFC 7725: of those that middleware answers, what is no kind of problem of ours.
const reasonPhrases: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  451: 'Unavailable For Legal Reasons',
  501: 'Not Implemented',
  504: 'Gateway Timeout',
};

/** A status by itself (RFC 9457, section 4.2.1). */
function toPlainResponse(status: ContentfulStatusCode, { requestContext }: Bindings): ResponseParts {
  const title = reasonPhrases[status] ?? (status < 500 ? 'Refused' : 'Failed');
  const document = { type: 'about:blank', title, status, request_id: requestContext.requestId };
  return [JSON.stringify(document), status, problemHeaders];
}

function handleUnmatched<Names extends ServiceName>(
  app: Hono<FunctionEnv<Names>>,
): NotFoundHandler<FunctionEnv<Names>> {
  return (c) => {
    const allowed = allowedMethods(app, c.req.path);
    const problem =
      allowed.length === 0
        ? new Problem('not-found')
        : new Problem('method-not-allowed', {}, { headers: { Allow: allowed.join(', ') } });
    return c.body(...toProblemResponse(problem, c.env));
  };
}

/** The methods that some route answers to at this path (RFC 9110, section 10.2.1). */
function allowedMethods<Names extends ServiceName>(
  app: Hono<FunctionEnv<Names>>,
  path: string,
): readonly string[] {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
    (method) => app.router.match(method, path)[0].length > 0,
  );
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

const problemHeaders = { 'Content-Type': 'application/problem+json' };

type ResponseParts = readonly [body: string, status: ContentfulStatusCode, headers: Record<string, string>];

function toProblemResponse(problem: Problem, { settings, requestContext }: Bindings): ResponseParts {
  const base = settings?.publicUrl;
  const document = toProblemDocument(problem, { base, requestId: requestContext.requestId });
  const headers: Record<string, string> = { ...problem.headers, ...problemHeaders };
  // RFC 9728, section 5.1: who is asked for a token learns where to find out whose. A challenge that asks for none is whole.
  if (headers[challengeHeader]?.endsWith(' '))
    headers[challengeHeader] += `resource_metadata="${base}/.well-known/oauth-protected-resource"`;
  return [JSON.stringify(document), document.status, headers];
}
