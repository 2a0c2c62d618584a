/** A typed client of the API: every route of openapi.json, in a browser or wherever else there is `fetch`. */
import { bearerRoutes, type Routes, type TokenPair } from './api.ts';
import type { Answer, Failure, Success } from './answer.ts';
import { type AnyOptions, type Fields, type OptionsOf, toRequest } from './call.ts';
import { exchange, type Fetch, type OutgoingRequest } from './exchange.ts';
import { keep, withKeepsakes } from './keepsakes.ts';
import { createNetworkError } from './problem.ts';
import { Session, type SessionChange, type Tokens } from './session.ts';
import { createMemoryStore, type Store } from './store.ts';

export interface ClientOptions {
  /** Where the API is, such as `https://api.example.com`; empty for the origin of the page. */
  readonly baseUrl: string;
  /** In memory unless told. */
  readonly store?: Store;
  /** Another `fetch`, such as that of a service binding on Workers. */
  readonly fetch?: Fetch;
}

/** `get`, `post` and so on, for the routes that have the method. */
type Calls = {
  readonly [Method in keyof Routes as Lowercase<Method>]: <Path extends keyof Routes[Method]>(
    path: Path,
    ...options: OptionsOf<Routes[Method][Path]>
  ) => Promise<Answer<Routes[Method][Path]>>;
};

export interface Client extends Calls {
  /** Whether somebody is signed in, as far as this client knows: the API is not asked. */
  readonly isSignedIn: () => Promise<boolean>;
  /**
   * An access token that is good for a while yet, for another service of yours; undefined where nobody is signed in, or none
   * was to be had.
   */
  readonly accessToken: (signal?: AbortSignal) => Promise<string | undefined>;
  /** Forgets the tokens at once and ends the session at the API. Undefined where nobody was signed in. */
  readonly signOut: () => Promise<Answer<Routes['POST']['/v1/auth/logout']> | undefined>;
  /** Tells of sign-ins and sign-outs, those of other tabs too; answers how to stop that. */
  readonly onSessionChange: (listener: (change: SessionChange) => void) => () => void;
}

/** Milliseconds that a refresh may take, with its retries: all calls of the page wait for it. */
const longestRefreshMs = 15_000;

/**
 * Every call resolves to data or to an error that says why there is none; it rejects only by its own signal. Whoever signs in
 * by it is signed in: their tokens are sent along, refreshed, and taken out of the store when they sign out.
 *
 * @example
 * const client = createClient({ baseUrl: 'http://localhost:3000' });
 * await client.post('/v1/auth/login', { body: { email, password } });
 * const me = await client.get('/v1/me');
 * if (me.error) console.error(me.error.slug, me.requestId);
 * else console.log(me.data.user.email);
 */
export function createClient({
  baseUrl,
  store = createMemoryStore(),
  fetch = request,
}: ClientOptions): Client {
  const ask = (route: string, options: AnyOptions) => exchange(toRequest(baseUrl, route, options), fetch);
  const session = new Session(store, (refresh_token) => rotate(ask, refresh_token));

  async function call(route: string, options: AnyOptions = {}): Promise<Success | Failure> {
    const { body = {} } = options;
    const whole = options.body
      ? { ...options, body: await withKeepsakes(store, route, options.body) }
      : options;
    const own = route === refreshRoute ? await session.read() : undefined;
    const { answer, sent = own?.refreshToken === body.refresh_token ? own : undefined } = await withTokens(
      session,
      fetch,
      toRequest(baseUrl, route, whole),
    );
    if (answer.error) return answer;
    const data = toFields(answer.data);
    // Before anybody is told of the sign-in.
    await keep(store, route, body, data);
    await remember(session, route, data, sent);
    return answer;
  }

  async function signOut() {
    const tokens = await session.read();
    if (!tokens) return undefined;
    await session.end('signed-out');
    return ask('POST /v1/auth/logout', { body: { refresh_token: tokens.refreshToken } });
  }

  const toCall = (method: string) => (path: string, options?: AnyOptions) =>
    call(`${method} ${path}`, options);
  const client: Record<keyof Client, unknown> = {
    get: toCall('GET'),
    post: toCall('POST'),
    patch: toCall('PATCH'),
    delete: toCall('DELETE'),
    isSignedIn: async () => (await session.read()) !== undefined,
    accessToken: async (signal?: AbortSignal) => (await session.hold(signal)).tokens?.accessToken,
    signOut,
    onSessionChange: (listener: (change: SessionChange) => void) => session.onChange(listener),
  };
  return client as Client;
}

/** Looked up at each call: pages and tests may put another one in its place. */
const request: Fetch = (url, init) => globalThis.fetch(url, init);

const refreshRoute = 'POST /v1/auth/refresh';

type Ask = (route: string, options: AnyOptions) => Promise<Success | Failure>;

async function rotate(ask: Ask, refresh_token: string): Promise<Success | Failure> {
  try {
    const signal = AbortSignal.timeout(longestRefreshMs);
    return await ask(refreshRoute, { body: { refresh_token }, signal });
  } catch (cause) {
    return { error: createNetworkError(cause), headers: undefined, requestId: undefined };
  }
}

interface Sending {
  readonly answer: Success | Failure;
  /** What went with the request, where the client has sent tokens of its own. */
  readonly sent?: Tokens | undefined;
}

/** With the tokens of who is signed in, where the route wants them; with newer ones if the API takes these no more. */
async function withTokens(session: Session, fetch: Fetch, request: OutgoingRequest): Promise<Sending> {
  const { headers, route, signal } = request;
  const isOwn = Object.keys(headers).some((header) => header.toLowerCase() === 'authorization');
  const send = async (sent: Tokens) => {
    const whole = { ...request, headers: { Authorization: `Bearer ${sent.accessToken}`, ...headers } };
    return { answer: await exchange(whole, fetch), sent };
  };
  const { tokens, failure } = isOwn || !bearerRoutes.includes(route) ? {} : await session.hold(signal);
  if (failure) return { answer: failure };
  if (!tokens) return { answer: await exchange(request, fetch) };
  const first = await send(tokens);
  if (!first.answer.error || !isAboutToken(first.answer.error.slug)) return first;
  const next = await session.renew(tokens, signal);
  if (next.failure) return { answer: next.failure };
  return next.tokens ? send(next.tokens) : first;
}

/** 401, because of the token and not for want of one. */
const isAboutToken = (slug: string) => /^access-token-|^session-ended$/.test(slug);

const toFields = (data: unknown): Fields => (typeof data === 'object' && data !== null ? { ...data } : {});

/** @param sent the tokens of the session that the call was of; what an answer to any other tells is none of its business */
async function remember(session: Session, route: string, data: Fields, sent?: Tokens): Promise<void> {
  if ('refresh_token' in data && route !== refreshRoute) await session.start(data as Fields & TokenPair);
  else if (sent && 'access_token' in data) await session.adopt(sent, data as Fields & TokenPair);
  else if (sent && route === 'DELETE /v1/me') await session.end('signed-out');
}
