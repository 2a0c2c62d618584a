/**
 * Whatever this process fetches as spans, and `traceparent` on its way out (https://www.w3.org/TR/trace-context/), by what
 * Node's own `fetch` publishes (https://nodejs.org/api/diagnostics_channel.html), so that no caller of it has to know.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { context, type Span, SpanKind, trace, type Tracer } from '@opentelemetry/api';
import { toTraceHeaders } from './propagation.ts';
import { fail, toErrorType } from './span.ts';

interface Fetched {
  readonly request: {
    readonly method: string;
    readonly origin: string | URL;
    readonly addHeader: (name: string, value: string) => void;
  };
  readonly response?: { readonly statusCode: number };
  readonly error?: unknown;
}

/** @returns what ends it */
export function traceFetches(tracer: Tracer): () => void {
  const spans = new WeakMap<object, Span>();

  function begin({ request }: Fetched): void {
    const caller = trace.getActiveSpan();
    if (!caller) return;
    const { hostname, port, protocol } = new URL(request.origin);
    // Neither path nor query: of a breach check it is a part of a password's hash.
    const attributes = {
      'http.request.method': request.method,
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    };
    const span = tracer.startSpan(request.method, { kind: SpanKind.CLIENT, attributes });
    spans.set(request, span);
    for (const [name, value] of Object.entries(toTraceHeaders(trace.setSpan(context.active(), span)))) {
      request.addHeader(name, value);
    }
  }

  // Not at the end of the body: who does not want to know it reads none.
  function end({ request, response, error }: Fetched): void {
    const span = spans.get(request);
    if (!span) return;
    const status = response?.statusCode;
    if (status === undefined) fail(span, toErrorType(error));
    else {
      span.setAttribute('http.response.status_code', status);
      if (status >= 400) fail(span, String(status));
    }
    span.end();
    spans.delete(request);
  }

  const heard = Object.entries({ create: begin, headers: end, error: end }).map(
    ([name, hear]) => [`undici:request:${name}`, (message: unknown) => hear(message as Fetched)] as const,
  );
  for (const [channel, hear] of heard) subscribe(channel, hear);
  return () => {
    for (const [channel, hear] of heard) unsubscribe(channel, hear);
  };
}
