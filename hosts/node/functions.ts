/** The functions of a folder. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { readdirSync } from 'node:fs';

/**
 * Loads every function below a folder: the tree is the index, in the sources as in a build. Files that begin with an
 * underscore and tests are no functions.
 */
export async function loadFunctions(folder: URL): Promise<ReadonlyMap<string, FunctionApp>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /(?:^|\/)(?!_)[^/.]+\.[jt]s$/.test(file));
  const loaded = files.map(async (file) => {
    const module = (await import(new URL(file, folder).href)) as { default: FunctionApp };
    return [file.replace(/\.[jt]s$/, ''), module.default] as const;
  });
  return new Map((await Promise.all(loaded)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
