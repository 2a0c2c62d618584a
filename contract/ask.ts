/**
 * Asking a deployment over plain HTTP, and saying what is wrong with its response. It needs nothing but `fetch` and knows
 * nothing of what answers, so that the steps made of it run against a test's process and against production alike.
 */

export interface ReceivedResponse {
  readonly status: number;
  /** Names in lower case; Set-Cookie once for each cookie. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface RequestOptions {
  /** Text goes as it is, anything else as JSON. */
  readonly body?: unknown;
  /** An access token to send along. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who asks, where the target can be told so; else the address is ours. */
  readonly from?: string;
  /**
   * Of an audit trail: asked once nothing else is under way in the cluster, which holds the newest events back, where the
   * target can tell.
   */
  readonly settled?: true;
}

export interface Target {
  /** The origin that this function answers at: one for all, or one each. */
  readonly originOf: (name: string) => string;
  /** The headers by which this platform learns the client's address; a test stands in for its edge. */
  readonly toClientHeaders?: (address: string) => Readonly<Record<string, string>>;
  /** Until the whole audit trail is served. */
  readonly settleTrail?: () => Promise<void>;
}

export type Ask = (
  name: string,
  method: string,
  path: string,
  options?: RequestOptions,
) => Promise<ReceivedResponse>;

/** @param onResponse is told every response, in order, and the request's method and path */
export function createAsk(
  { originOf, toClientHeaders, settleTrail }: Target,
  onResponse: (response: ReceivedResponse, asked: string) => void = () => undefined,
): Ask {
  return async (name, method, path, { body, token, headers, from, settled } = {}) => {
    if (settled) await settleTrail?.();
    const fetched = await fetch(`${originOf(name)}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(from !== undefined && toClientHeaders?.(from)),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const response = { status: fetched.status, headers: [...fetched.headers], body: await fetched.text() };
    onResponse(response, `${method} ${path}`);
    return response;
  };
}

export function headerOf({ headers }: ReceivedResponse, name: string): string | undefined {
  return headers.find(([candidate]) => candidate === name)?.[1];
}

/** @throws {Error} with the whole response */
export function expectStatus(response: ReceivedResponse, ...statuses: readonly number[]): void {
  if (!statuses.includes(response.status)) refuse(response, `expected ${statuses.join(' or ')}`);
}

/** @throws {Error} unless the header is there and like this */
export function expectHeader(response: ReceivedResponse, name: string, form: RegExp): void {
  const value = headerOf(response, name);
  if (value === undefined) refuse(response, `no ${name}`);
  if (!form.test(value)) refuse(response, `${name} is "${value}", not like ${form}`);
}

/** The JSON of a response with this status. */
export function expectJson<Body>(response: ReceivedResponse, status: number): Body {
  expectStatus(response, status);
  expectHeader(response, 'content-type', /^application\/(?:[a-z-]+\+)?json\b/);
  try {
    return JSON.parse(response.body) as Body;
  } catch {
    return refuse(response, 'not JSON');
  }
}

export function expectEmpty(response: ReceivedResponse, status: number): void {
  expectStatus(response, status);
  if (response.body !== '') refuse(response, 'a body where none belongs');
}

/** A problem of this kind, complete in its form (RFC 9457, section 3). */
export function expectProblem(response: ReceivedResponse, status: number, slug: string): void {
  const { type, title, ...document } = expectJson<Record<string, unknown>>(response, status);
  expectHeader(response, 'content-type', /^application\/problem\+json$/);
  if (typeof type !== 'string' || !type.endsWith(`/problems/${slug}`))
    refuse(response, `not the problem ${slug}`);
  if (typeof title !== 'string' || document['status'] !== status) refuse(response, 'not a whole problem');
  if (document['request_id'] !== headerOf(response, 'x-request-id')) refuse(response, 'of another request');
}

/**
 * A token whose session has ended: told by the store of the limits, or by the account where that has not heard of it.
 *
 * @throws {Error} what is not as it should be
 */
export function expectEnded(response: ReceivedResponse): void {
  const isKnown = response.body.includes('/problems/access-token-stale');
  expectProblem(response, 401, isKnown ? 'access-token-stale' : 'session-ended');
}

/** @throws {Error} always */
export function refuse(response: ReceivedResponse, reason: string): never {
  const headers = response.headers.map(([name, value]) => `  ${name}: ${value}`).join('\n');
  throw new Error(`${reason}; answered ${response.status}\n${headers}\n  ${response.body.slice(0, 2000)}`);
}
