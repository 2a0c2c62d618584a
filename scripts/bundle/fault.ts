import { relative } from 'node:path';
import type { BuildFailure } from 'esbuild';

/** Thrown with one line per fault. */
export class BundleFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/** What esbuild could not read or resolve, by file and line; any other error as it is. */
export function throwFault(error: unknown): never {
  if (!isBuildFailure(error)) throw error;
  throw new BundleFault(
    error.errors.map(({ text, location }) =>
      location ? `${relative('.', location.file)}:${location.line}: ${text}` : text,
    ),
  );
}

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && 'errors' in error;
