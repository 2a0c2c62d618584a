/** The keys of a file in somebody else's format, held against a list of those that its reader knows. */
import { readFileSync } from 'node:fs';

/** One a line, `*` for a name of one's own; what begins with # is about where they are from. */
export const readKeys = (path: string): readonly string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

export const findUnknownKeys = (file: unknown, known: readonly string[]): readonly string[] =>
  [...toPaths(file, '', known)].filter(
    (path) => !known.some((one) => one === path || one.startsWith(`${path}.`)),
  );

/** `entryPoints.*.address`, for every leaf; a list is its items. */
function* toPaths(value: unknown, path: string, known: readonly string[]): Generator<string> {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) yield path;
    else for (const item of value) yield* toPaths(item, path, known);
  } else if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    for (const [key, inner] of Object.entries(value)) {
      const named = path === '' ? key : `${path}.${key}`;
      const free = `${path}.*`;
      const isKnown = known.some((one) => one === named || one.startsWith(`${named}.`));
      const isFree = known.some((one) => one === free || one.startsWith(`${free}.`));
      yield* toPaths(inner, !isKnown && isFree ? free : named, known);
    }
  } else yield path;
}
