/** All functions in one app, each as it would answer alone. */
import { readdirSync } from 'node:fs';
import type { Hono } from 'hono';
import { Hono as FullHono } from 'hono';
import { surround } from '../../lib/function.ts';
import type { FunctionEnv } from '../../lib/services.ts';

/**
 * Loads every function below a folder: the tree is the index, in the sources as in a build. Files that begin with an
 * underscore and tests are no functions.
 */
export async function loadFunctions(folder: URL): Promise<ReadonlyMap<string, Hono<FunctionEnv>>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /(?:^|\/)(?!_)[^/.]+\.[jt]s$/.test(file));
  const loaded = files.map(async (file) => {
    const module = (await import(new URL(file, folder).href)) as { default: Hono<FunctionEnv> };
    return [file.replace(/\.[jt]s$/, ''), module.default] as const;
  });
  return new Map((await Promise.all(loaded)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Routes are copied and not mounted by `route()`, which would give each of them an error handler of its own. */
export function createRouter(functions: Iterable<Hono<FunctionEnv>>): Hono<FunctionEnv> {
  const router = surround(new FullHono<FunctionEnv>());
  for (const { routes } of functions) {
    for (const { method, path, handler } of routes) router.on(method, path, handler);
  }
  return router;
}
