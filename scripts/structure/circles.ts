/** Files that import each other, however long the way round is. */
import type { SourceFile } from './imports.ts';

/** The shortest way round for each set of files, from its first file back to it. */
export function findCircles(sources: readonly SourceFile[]): readonly (readonly string[])[] {
  const imports = new Map(sources.map((source) => [source.path, source.imports.map(({ to }) => to)]));
  const told = new Set<string>();
  const circles: (readonly string[])[] = [];
  for (const { path } of sources) {
    const circle = told.has(path) ? undefined : findWayBack(path, imports);
    if (!circle) continue;
    circles.push(circle);
    for (const file of circle) told.add(file);
  }
  return circles;
}

function findWayBack(
  start: string,
  imports: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const queue: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (let way = queue.shift(); way; way = queue.shift()) {
    for (const next of imports.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [...way, start];
      if (!seen.has(next)) queue.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}
