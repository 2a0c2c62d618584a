/** One request and its answer, as the log and the problems name it. */
import { createUuid } from '../core/uuid.ts';
import { createResponseHeaders, type ResponseHeaders } from './response-headers.ts';

export interface RequestContext {
  /** A UUIDv7 of this request, which nobody who asks can choose. */
  readonly ownId: string;
  /** `X-Request-Id` when it came well formed, else `ownId`. */
  readonly requestId: string;
  /** W3C Trace Context: the trace this request is part of, if its caller told. */
  readonly traceId: string | undefined;
  /** Set by the guard once the caller is known. */
  callerId: string | undefined;
  /** The endpoint's own path pattern; set by the guard. */
  route: string | undefined;
  /** What the response says besides what its function does; the limits add what is left of them. */
  readonly headers: ResponseHeaders;
}

export function createRequestContext(headers: Headers): RequestContext {
  const given = headers.get('x-request-id');
  const ownId = createUuid();
  const requestId = given !== null && /^[\w.-]{8,64}$/.test(given) ? given : ownId;
  return {
    ownId,
    requestId,
    traceId: parseTraceId(headers.get('traceparent')),
    callerId: undefined,
    route: undefined,
    headers: createResponseHeaders(requestId),
  };
}

/**
 * https://www.w3.org/TR/trace-context/#traceparent-header; an all-zero id is none, ff is no version, and only a
 * version after 00 may say more behind the flags.
 */
function parseTraceId(traceparent: string | null): string | undefined {
  const [, version, traceId, parentId = '', more] =
    traceparent?.match(/^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/) ?? [];
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  return traceId === undefined || /^0+$/.test(traceId) || /^0+$/.test(parentId) ? undefined : traceId;
}
