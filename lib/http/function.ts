/**
 * The function factory: a Hono app that answers every request as Blockbot does, whether it runs alone or holds all
 * functions. What surrounds the one route (request id, log line, security headers, CORS, problems for whatever
 * goes wrong) wraps `fetch` itself and not `app.use('*')`, which would run for every other function once mounted.
 */
import type { Context, ErrorHandler, ExecutionContext, Hono, NotFoundHandler } from 'hono';
import type { HTTPException } from 'hono/http-exception';
import { Hono as TinyHono } from 'hono/tiny';
import { getPath } from 'hono/utils/url';
import { allowCrossOrigin, respondToPreflight } from './cors.ts';
import { createRequestContext, type RequestContext } from './request-context.ts';
import { isProblem, Problem, type ProblemSlug, problems, toProblemDocument } from '../core/problem.ts';
import type { FunctionEnv, Services } from './services.ts';

/** What a request is answered with; a function that needs no services, such as /health/live, may be given none. */
type Bindings = Partial<Services> & { readonly requestContext: RequestContext };

/**
 * An app for exactly one route, which carries a guard.
 *
 * @example
 * export default createFunction().get('/v1/me', guard({ caller: user, limits: limit(api) }), (c) => ...);
 */
export function createFunction(): Hono<FunctionEnv> {
  return surround(new TinyHono<FunctionEnv>({ getPath: toStrictPath }));
}

/** To the router of `hono/tiny` a slash at the end is nothing; to the router of all functions it is another path. */
function toStrictPath(request: Request): string {
  const path = getPath(request);
  return path.length > 1 && path.endsWith('/') ? `${path}/` : path;
}

/** Makes a Hono app answer as every function does; for the factory above, and for the router that holds them all. */
export function surround(app: Hono<FunctionEnv>): Hono<FunctionEnv> {
  app.onError(handleError);
  app.notFound(handleUnmatched(app));
  const dispatch = app.fetch;

  async function answer(request: Request, env: Bindings, context?: ExecutionContext): Promise<Response> {
    try {
      return await dispatch(request, env, context);
    } catch (thrown) {
      // Hono hands errors to `onError`, and nothing else that can be thrown.
      const [body, status, headers] = toAnswer(toProblem(thrown, env), env);
      return new Response(body, { status, headers });
    }
  }

  app.fetch = async (request, env, context) => {
    const services: Partial<Services> = env ?? {};
    const startedAt = performance.now();
    const requestContext = createRequestContext(request.headers);
    const response = withOwnHeaders(
      respondToPreflight(request, services.settings, (path) => allowedMethods(app, path)) ??
        (await answer(request, { ...services, requestContext }, context)),
    );
    const { headers } = response;
    headers.set('X-Request-Id', requestContext.requestId);
    headers.set('X-Content-Type-Options', 'nosniff');
    if (!headers.has('Referrer-Policy')) headers.set('Referrer-Policy', 'no-referrer');
    if (!headers.has('Content-Security-Policy')) {
      headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    }
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
    if (services.settings) {
      if (services.settings.publicUrl.startsWith('https:')) {
        headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
      }
      allowCrossOrigin(request, headers, services.settings);
    }
    logResponse(services, requestContext, request, response.status, performance.now() - startedAt);
    return response;
  };
  return app;
}

/** The headers of an answer that was handed on, such as a redirect of the platform's own, can't be changed. */
function withOwnHeaders(response: Response): Response {
  try {
    response.headers.delete('X-Request-Id');
    return response;
  } catch {
    return new Response(response.body, response);
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
  const isRoutine = /^\/(?:health|dev)(?:\/|$)/.test(route);
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

const handleError: ErrorHandler<FunctionEnv> = (error, c) => respondWithProblem(c, toProblem(error, c.env));

/** What was raised on purpose as it is; all else is a bug, which the log is told and the caller is not. */
function toProblem(thrown: unknown, { log, requestContext }: Bindings): Problem {
  if (isProblem(thrown) && thrown.slug in problems) return thrown;
  const slug = isHttpException(thrown) ? toSlug(thrown.status) : 'internal-error';
  if (slug === 'internal-error')
    log?.error('request failed', { request_id: requestContext.requestId }, thrown);
  return new Problem(slug);
}

function isHttpException(thrown: unknown): thrown is HTTPException {
  return typeof thrown === 'object' && thrown !== null && 'getResponse' in thrown;
}

// The kinds that say no more than their status does.
const plainSlugs = [
  'malformed-request',
  'authentication-required',
  'not-found',
  'method-not-allowed',
  'content-too-large',
  'unsupported-media-type',
  'invalid-input',
  'quota-exceeded',
] as const satisfies readonly ProblemSlug[];

/** Hono's own refusals (`HTTPException`), such as its validators throw, by their status. */
function toSlug(status: number): ProblemSlug {
  const slug = plainSlugs.find((candidate) => problems[candidate].status === status);
  return slug ?? (status < 500 ? 'malformed-request' : 'internal-error');
}

function handleUnmatched(app: Hono<FunctionEnv>): NotFoundHandler<FunctionEnv> {
  return (c) => {
    const allowed = allowedMethods(app, c.req.path);
    if (allowed.length === 0) return respondWithProblem(c, new Problem('not-found'));
    return respondWithProblem(
      c,
      new Problem('method-not-allowed', {}, { headers: { Allow: allowed.join(', ') } }),
    );
  };
}

/** The methods that some route answers to at this path (RFC 9110, section 10.2.1). */
function allowedMethods(app: Hono<FunctionEnv>, path: string): readonly string[] {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
    (method) => app.router.match(method, path)[0].length > 0,
  );
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

function respondWithProblem(c: Context<FunctionEnv>, problem: Problem): Response {
  return c.body(...toAnswer(problem, c.env));
}

function toAnswer(problem: Problem, { settings, requestContext }: Bindings) {
  const document = toProblemDocument(problem, {
    base: settings?.publicUrl ?? '',
    requestId: requestContext.requestId,
  });
  const headers = { ...problem.headers, 'Content-Type': 'application/problem+json' };
  return [JSON.stringify(document), document.status, headers] as const;
}
