/**
 * Requests as spans (https://opentelemetry.io/docs/specs/semconv/http/http-spans/). Of the address there is the route alone, as
 * in the log, since a path or a query may hold a token; of the caller there is nothing.
 */
import { type Span, SpanKind, type Tracer } from '@opentelemetry/api';
import type { FunctionApp } from '../../../lib/http/function.ts';
import type { ResponseRecord, Services } from '../../../lib/http/services.ts';
import { toCallersContext, toTraceHeaders } from './propagation.ts';
import { fail } from './span.ts';

type Router = Pick<FunctionApp, 'fetch'>;

/** Others are named `_OTHER`: a method is of the caller's choice. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function toMethod(method: string): string {
  return methods.has(method) ? method : '_OTHER';
}

/** What load balancers ask every other second is no trace, nor is anything that it leads to. */
const isRoutine = (url: string) => /^[^/]*\/\/[^/]+\/(?:health|dev)(?:\/|$|\?)/.test(url);

export function traceRequests(router: Router, tracer: Tracer): Router {
  const serve = async (span: Span, request: Request, services: Partial<Services>) => {
    // So that its lines of the log name the same trace.
    for (const [name, value] of Object.entries(toTraceHeaders())) request.headers.set(name, value);
    const onResponse = (answered: ResponseRecord) => {
      services.onResponse?.(answered);
      describeResponse(span, answered);
    };
    // Its headers are read here, and not only written.
    const response = await router.fetch(request, { ...services, onResponse, headerSink: undefined });
    span.setAttribute('http.response.header.x-request-id', [response.headers.get('X-Request-Id') ?? '']);
    return response;
  };
  return {
    fetch: (request, services = {}) => {
      if (isRoutine(request.url)) return router.fetch(request, services);
      const name = toMethod(request.method);
      const attributes = { 'http.request.method': name, 'url.scheme': request.url.split(':', 1)[0] ?? '' };
      const options = { kind: SpanKind.SERVER, attributes };
      return tracer.startActiveSpan(name, options, toCallersContext(request.headers), (span) =>
        serve(span, request, services).finally(() => span.end()),
      );
    },
  };
}

function describeResponse(span: Span, { method, route, status }: ResponseRecord): void {
  span.setAttribute('http.response.status_code', status);
  if (route !== 'none') span.setAttribute('http.route', route).updateName(`${toMethod(method)} ${route}`);
  if (status >= 500) fail(span, String(status));
}
