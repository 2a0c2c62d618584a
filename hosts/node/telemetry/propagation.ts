/** The trace that a request belongs to, from its headers and into those of others (https://www.w3.org/TR/trace-context/). */
import { type Context, context, defaultTextMapSetter, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

const propagator = new W3CTraceContextPropagator();

const fromHeaders = {
  get: (headers: Headers, name: string) => headers.get(name) ?? undefined,
  keys: (headers: Headers) => [...headers.keys()],
};

export function toCallersContext(headers: Headers): Context {
  return propagator.extract(ROOT_CONTEXT, headers, fromHeaders);
}

/** `traceparent`, and `tracestate` where there is one; nothing outside of a trace. */
export function toTraceHeaders(of: Context = context.active()): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  propagator.inject(of, headers, defaultTextMapSetter);
  return headers;
}
