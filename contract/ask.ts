/**
 * Asking a deployment over plain HTTP, and saying what is wrong with its answer. It needs nothing but `fetch` and knows
 * nothing of what answers, so that the steps made of it run against a test's process and against production alike.
 */

export interface Answer {
  readonly status: number;
  /** Names in lower case; Set-Cookie once for each cookie. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface Question {
  /** Text goes as it is, anything else as JSON. */
  readonly body?: unknown;
  /** An access token to send along. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who asks, where the target can be told so; else the address is ours. */
  readonly from?: string;
}

export interface Target {
  /** The origin that this function answers at: one for all, or one each. */
  readonly originOf: (name: string) => string;
  /** The headers by which this platform learns the client's address; a test stands in for its edge. */
  readonly toClientHeaders?: (address: string) => Readonly<Record<string, string>>;
}

export type Ask = (name: string, method: string, path: string, question?: Question) => Promise<Answer>;

/** @param heard is told every answer, in order */
export function createAsk(
  { originOf, toClientHeaders }: Target,
  heard: (answer: Answer, asked: string) => void = () => undefined,
): Ask {
  return async (name, method, path, { body, token, headers, from } = {}) => {
    const response = await fetch(`${originOf(name)}${path}`, {
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
    const answer = { status: response.status, headers: [...response.headers], body: await response.text() };
    heard(answer, `${method} ${path}`);
    return answer;
  };
}

export function headerOf({ headers }: Answer, name: string): string | undefined {
  return headers.find(([candidate]) => candidate === name)?.[1];
}

/** @throws {Error} with the whole answer */
export function expectStatus(answer: Answer, ...statuses: readonly number[]): void {
  if (!statuses.includes(answer.status)) refuse(answer, `expected ${statuses.join(' or ')}`);
}

/** @throws {Error} unless the header is there and like this */
export function expectHeader(answer: Answer, name: string, form: RegExp): void {
  const value = headerOf(answer, name);
  if (value === undefined) refuse(answer, `no ${name}`);
  if (!form.test(value)) refuse(answer, `${name} is "${value}", not like ${form}`);
}

/** The JSON of an answer with this status. */
export function expectJson<Body>(answer: Answer, status: number): Body {
  expectStatus(answer, status);
  expectHeader(answer, 'content-type', /^application\/(?:[a-z-]+\+)?json\b/);
  try {
    return JSON.parse(answer.body) as Body;
  } catch {
    return refuse(answer, 'not JSON');
  }
}

export function expectEmpty(answer: Answer, status: number): void {
  expectStatus(answer, status);
  if (answer.body !== '') refuse(answer, 'a body where none belongs');
}

/** A problem of this kind, complete in its form (RFC 9457, section 3). */
export function expectProblem(answer: Answer, status: number, slug: string): void {
  const { type, title, ...document } = expectJson<Record<string, unknown>>(answer, status);
  expectHeader(answer, 'content-type', /^application\/problem\+json$/);
  if (typeof type !== 'string' || !type.endsWith(`/problems/${slug}`))
    refuse(answer, `not the problem ${slug}`);
  if (typeof title !== 'string' || document['status'] !== status) refuse(answer, 'not a whole problem');
  if (document['request_id'] !== headerOf(answer, 'x-request-id')) refuse(answer, 'of another request');
}

/** @throws {Error} always */
export function refuse(answer: Answer, reason: string): never {
  const headers = answer.headers.map(([name, value]) => `  ${name}: ${value}`).join('\n');
  throw new Error(`${reason}; answered ${answer.status}\n${headers}\n  ${answer.body.slice(0, 2000)}`);
}
