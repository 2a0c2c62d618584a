/** How a call is written down: the parameters and the body of its route, typed, and as a request. */
import { formRoutes } from './api.ts';
import type { OutgoingRequest } from './exchange.ts';

/** Parameters and body as the route has them; what the client keeps itself may be left out of the body. */
export type CallOptions<Route> = Pick<Route, keyof Route & ('path' | 'query' | 'headers')> &
  (Route extends { body: infer Body } ? { readonly body: WithoutKept<Body> } : unknown) &
  CommonOptions;

type WithoutKept<Body> = Body extends { binding: infer Binding }
  ? Omit<Body, 'binding'> & { binding?: Binding | undefined }
  : Body;

interface CommonOptions {
  /** Headers of your own; with an `Authorization` among them no token of the client is sent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the call, and whatever it waits for, with a rejection by the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export type OptionsOf<Route> =
  object extends CallOptions<Route> ? [options?: CallOptions<Route>] : [options: CallOptions<Route>];

export type Fields = Readonly<Record<string, unknown>>;

/** The options of whichever route. */
export interface AnyOptions {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Fields;
  readonly body?: Fields;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** @throws {TypeError} for a parameter that would make another path of it */
export function toRequest(
  baseUrl: string,
  route: string,
  { path = {}, query = {}, body, headers = {}, signal }: AnyOptions,
): OutgoingRequest {
  const [, template = ''] = route.split(' ');
  const url = `${baseUrl.replace(/\/$/, '')}${fillIn(template, path)}${toQuery(query)}`;
  if (body === undefined) return { route, url, headers, signal };
  if (formRoutes.includes(route)) return { route, url, headers, body: toParameters(body), signal };
  const typed = { 'Content-Type': 'application/json', ...headers };
  return { route, url, headers: typed, body: JSON.stringify(body), signal };
}

function fillIn(template: string, path: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name] ?? '';
    // Which would be taken for a step, and not for a name.
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`the path parameter ${name} is '${value}'`);
    return encodeURIComponent(value);
  });
}

function toQuery(query: Fields): string {
  const parameters = String(toParameters(query));
  return parameters === '' ? '' : `?${parameters}`;
}

/** A list as one parameter each; undefined is left out. */
function toParameters(fields: Fields): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (one !== undefined) parameters.append(name, String(one));
    }
  }
  return parameters;
}
