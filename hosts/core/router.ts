/** All functions in one app, each as it would answer alone. */
import type { Hono } from 'hono';
import { Hono as FullHono } from 'hono';
import { type FunctionApp, surround } from '../../lib/http/function.ts';
import type { FunctionEnv } from '../../lib/http/services.ts';

/** Routes are copied and not mounted by `route()`, which would give each of them an error handler of its own. */
export function createRouter(functions: Iterable<Pick<FunctionApp, 'routes'>>): Hono<FunctionEnv> {
  const router = surround(new FullHono<FunctionEnv>());
  for (const { routes } of functions) {
    for (const { method, path, handler } of routes) router.on(method, path, handler);
  }
  return router;
}
