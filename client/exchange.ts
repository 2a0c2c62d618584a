/** One call over HTTP: the request, its answer, and the same again where that is safe and the answer says when. */
import { pageRoutes } from './api.ts';
import type { Failure, Success } from './answer.ts';
import { createNetworkError, createUnreadableAnswer, toProblem } from './problem.ts';
import { pause, toWait } from './retry.ts';

export interface OutgoingRequest {
  /** Method and path as the document has them, such as `DELETE /v1/sessions/{id}`. */
  readonly route: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** As much of `fetch` as is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** @throws the signal's reason once it is aborted, and nothing else */
export async function exchange(request: OutgoingRequest, fetch: Fetch): Promise<Success | Failure> {
  const startedAt = Date.now();
  for (let retries = 0; ; retries++) {
    const answer = await attempt(request, fetch);
    const wait = toWait(answer, { route: request.route, retries, elapsed: Date.now() - startedAt });
    if (wait === undefined) return answer;
    await pause(wait, request.signal);
  }
}

async function attempt(request: OutgoingRequest, fetch: Fetch): Promise<Success | Failure> {
  const { route, url, headers, body, signal } = request;
  const [method = ''] = route.split(' ');
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    return toAnswer(route, response, await response.text());
  } catch (cause) {
    signal?.throwIfAborted();
    return { error: createNetworkError(cause), headers: undefined, requestId: undefined };
  }
}

function toAnswer(route: string, { status, ok, headers }: Response, text: string): Success | Failure {
  const requestId = headers.get('x-request-id') ?? undefined;
  const mediaType = headers.get('content-type') ?? '';
  const json = /[/+]json\b/.test(mediaType) ? parse(text) : undefined;
  const common = { headers, requestId };
  if (mediaType.startsWith('application/problem+json')) {
    return { error: toProblem(json, headers) ?? createUnreadableAnswer(status), ...common };
  }
  const isOurs = ok || status === 304 || mediaType.startsWith('application/health+json');
  if (isOurs && (json !== undefined || text === '')) return { status, data: json, ...common };
  if (ok && pageRoutes.includes(route)) return { status, data: text, ...common };
  return { error: createUnreadableAnswer(status), ...common };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
