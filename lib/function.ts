/**
 * The function factory: a Hono app that answers every request as Blockbot does, whether it runs alone or holds all
 * functions. What surrounds the one route (request id, log line, security headers, CORS, problems for whatever
 * goes wrong) wraps `fetch` itself and not `app.use('*')`, which would run for every other function once mounted.
 */
import type { Context, ErrorHandler, Hono, NotFoundHandler } from 'hono';
import { Hono as TinyHono } from 'hono/tiny';
import { allowCrossOrigin, answerPreflight } from './cors.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { isProblem, Problem, type ProblemSlug, problems, toProblemDocument } from './problem.ts';
import type { FunctionEnv, Services } from './services.ts';

/**
 * An app for exactly one route, which carries a guard.
 *
 * @example
 * export default createFunction().get('/v1/me', guard({ caller: user, limits: limit(api) }), (c) => ...);
 */
export function createFunction(): Hono<FunctionEnv> {
  return surround(new TinyHono<FunctionEnv>());
}

/** Makes a Hono app answer as every function does; for the factory above, and for the router that holds them all. */
export function surround(app: Hono<FunctionEnv>): Hono<FunctionEnv> {
  app.onError(answerError);
  app.notFound(answerUnmatched(app));
  const dispatch = app.fetch;
  app.fetch = async (request, env, context) => {
    // A function that needs no services, such as /health/live, may be given none.
    const services: Partial<Services> = env ?? {};
    const startedAt = performance.now();
    const exchange = createExchange(request.headers);
    const response =
      answerPreflight(request, services.settings, (path) => allowedMethods(app, path)) ??
      (await dispatch(request, { ...services, exchange }, context));
    const headers = response.headers;
    headers.set('X-Request-Id', exchange.requestId);
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Referrer-Policy', 'no-referrer');
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
    logAnswer(services, exchange, request, response.status, performance.now() - startedAt);
    return response;
  };
  return app;
}

function logAnswer(
  { log }: Partial<Services>,
  exchange: Exchange,
  request: Request,
  status: number,
  duration: number,
): void {
  // Monitors ask for health many times a minute; their answers would drown the others.
  const write = status >= 500 ? log?.warn : exchange.door?.startsWith('/health') ? log?.debug : log?.info;
  write?.('request answered', {
    request_id: exchange.requestId,
    trace_id: exchange.traceId,
    caller: exchange.callerId,
    method: request.method,
    // Never the address itself once a door has matched: an address can hold an id, and a door says more.
    door: exchange.door ?? 'none',
    status,
    duration_ms: Math.round(duration * 100) / 100,
  });
}

const answerError: ErrorHandler<FunctionEnv> = (error, c) => {
  if (isProblem(error)) return answerProblem(c, error);
  if ('getResponse' in error) return answerProblem(c, new Problem(toSlug(error.getResponse().status)));
  c.env.log?.error('request failed', { request_id: c.env.exchange.requestId }, error);
  return answerProblem(c, new Problem('internal-error'));
};

/** Hono's own refusals (`HTTPException`), such as its validators throw, by their status. */
function toSlug(status: number): ProblemSlug {
  const slugs = Object.keys(problems) as ProblemSlug[];
  const slug = slugs.find((candidate) => problems[candidate].status === status);
  return slug ?? (status < 500 ? 'malformed-request' : 'internal-error');
}

function answerUnmatched(app: Hono<FunctionEnv>): NotFoundHandler<FunctionEnv> {
  return (c) => {
    const allowed = allowedMethods(app, c.req.path);
    if (allowed.length === 0) return answerProblem(c, new Problem('not-found'));
    return answerProblem(
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

function answerProblem(c: Context<FunctionEnv>, problem: Problem): Response {
  const { status } = problems[problem.slug];
  const document = toProblemDocument(problem, {
    base: c.env.settings?.publicUrl,
    requestId: c.env.exchange.requestId,
  });
  return c.body(JSON.stringify(document), status, {
    ...problem.headers,
    'Content-Type': 'application/problem+json',
  });
}
