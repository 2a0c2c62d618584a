/** Answers that tests get are those that `openapi.json` tells of; any other fails the test that asked for it. */
import { assertDocumented } from '../../contract/conformance.ts';
import type { FunctionApp } from '../../lib/http/function.ts';

/** The answer as it came, unread. */
export async function documented(method: string, url: string, response: Response): Promise<Response> {
  const { status, headers } = response;
  const body = await response.clone().text();
  assertDocumented({ method, url, status, header: (name) => headers.get(name) ?? undefined, body });
  return response;
}

/** `fetch` of a server of ours. */
export async function fetch(url: string, init: RequestInit = {}): Promise<Response> {
  return documented(init.method ?? 'GET', url, await globalThis.fetch(url, init));
}

/** Whether one of the app's routes is meant; else its answer is of no operation, such as a 404 of a function by itself. */
export function hasRoute({ routes }: Pick<FunctionApp, 'routes'>, method: string, url: string): boolean {
  const { pathname } = new URL(url, 'http://localhost');
  const asked = method === 'HEAD' ? 'GET' : method;
  return routes.some(
    (route) =>
      route.method === asked && new RegExp(`^${route.path.replace(/:[a-z_]+/g, '[^/]+')}$`).test(pathname),
  );
}
