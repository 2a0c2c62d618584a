/** The runtimes themselves, as npm brings them: the packages that would choose among them can't be locked where one of theirs is missing. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const { resolve } = createRequire(import.meta.url);

/** A file of a package that not every platform has; undefined where it is not installed. */
function findFile(name: string, file: string): string | undefined {
  try {
    const path = join(dirname(resolve(`${name}/package.json`)), file);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

const cpu = process.arch === 'x64' ? '64' : process.arch;

export const executables = {
  cloudflare: findFile(`@cloudflare/workerd-${process.platform}-${cpu}`, 'bin/workerd'),
  deno: findFile(`@deno/${process.platform}-${process.arch}-glibc`, 'deno'),
  bun: findFile('bun', 'bin/bun.exe'),
} as const;

/** Why a target can't be run here, or false. */
export function withoutRuntime(target: string): string | false {
  return target in executables && executables[target as keyof typeof executables] === undefined
    ? `npm has no ${target} runtime for ${process.platform} on ${process.arch}`
    : false;
}

/** @throws {Error} where it is not installed */
export function executableOf(target: keyof typeof executables): string {
  const path = executables[target];
  if (path === undefined) throw new Error(withoutRuntime(target) || '');
  return path;
}
