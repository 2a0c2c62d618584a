/** What the image gives a router beside its own settings: read from the Dockerfile, so that a bench is never of another one. */
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');

function read(name: string): string {
  const value = new RegExp(`^(?:ENV|    )\\s*${name}="?([^"\\n]*?)"?(?: \\\\)?$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`the Dockerfile sets no ${name}`);
  return value;
}

/** Options of Node, and of the C library's allocator. */
export const asImage = {
  nodeOptions: read('NODE_OPTIONS').split(' '),
  env: {
    MALLOC_ARENA_MAX: read('MALLOC_ARENA_MAX'),
    MALLOC_TRIM_THRESHOLD_: read('MALLOC_TRIM_THRESHOLD_'),
  },
};
