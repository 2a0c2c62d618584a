/**
 * Checks the imports between rooms, circles, the length of functions and files, and what switches the compiler off. A room is
 * a folder, its floor how far up it stands: imports lead down only. An arrow is a pair of rooms of which one imports the other.
 */
import { resolve } from 'node:path';
import { readCommandLine } from '../lib/core/command-line.ts';
import { findCircles } from './structure/circles.ts';
import { readSources, type SourceFile } from './structure/imports.ts';
import { findLongFiles, measure } from './structure/measures.ts';
import { percentile } from './structure/percentile.ts';
import { findReason, floors, roomOf } from './structure/rooms.ts';

const usage = `Usage: npm run structure [-- --root FOLDER]

Tells of every import between rooms that may not be, of circles, of functions and files that are too long, and of what
switches the compiler off. The rooms stand in scripts/structure/rooms.ts.

  --root   the folder that holds the rooms; the current one unless told

Exit codes: 0 all is in order, 1 something is not, 2 wrong usage.
`;

/** Lines of functions outside of tests; what they were when the limits were set. */
const longest = { median: 9, p90: 31 };
const longestFile = 250;

function main(): number {
  const { values } = readCommandLine(usage, { options: { root: { type: 'string', default: '.' } } });
  const sources = readSources(resolve(values.root));
  const faults = [...judgeImports(sources), ...judgeCircles(sources), ...judgeMeasures(sources)];
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  return faults.length > 0 ? 1 : 0;
}

function judgeImports(sources: readonly SourceFile[]): string[] {
  const faults: string[] = [];
  const used = new Set<string>();
  const arrows = new Set<string>();
  let upwards = 0;
  for (const { path, imports } of sources) {
    const from = roomOf(path);
    if (!from) {
      faults.push(
        `${path}: is in no room; name its floor in scripts/structure/rooms.ts, or nothing holds it to one`,
      );
      continue;
    }
    used.add(from.name);
    for (const { to: target, line } of imports) {
      const to = roomOf(target);
      if (!to || to.name === from.name) continue;
      arrows.add(`${from.name} ${to.name}`);
      const reason = findReason(from, to);
      if (reason === undefined) continue;
      upwards++;
      faults.push(`${path}:${line}: ${from.name} may not import ${target}: ${reason}`);
    }
  }
  say(`${used.size} rooms, ${floors.length} floors, ${arrows.size} arrows, upwards or aside: ${upwards}`);
  return faults;
}

function judgeCircles(sources: readonly SourceFile[]): string[] {
  const circles = findCircles(sources);
  say(`circles: ${circles.length}`);
  return circles.map(
    (circle) =>
      `${circle.join(' -> ')}: a circle: none of these can be read, moved or loaded without the others; what they share belongs in a file of its own`,
  );
}

function judgeMeasures(sources: readonly SourceFile[]): string[] {
  const { anys, nonNulls, suppressions } = measure(sources);
  const { functionLines } = measure(sources.filter(isProduct));
  // A tree without functions has none that is too long.
  const linesAt = (percent: number) => percentile(functionLines, percent) || 0;
  const [median, p90] = [linesAt(50), linesAt(90)];
  say(`functions: ${functionLines.length}, lines: median ${median}, p90 ${p90}`);
  const long = findLongFiles(sources, longestFile);
  for (const { path, lines, reason = 'for no reason' } of long) say(`${path}: ${lines} lines: ${reason}`);
  say(`any: ${anys.length}, !: ${nonNulls.length}, suppressions: ${suppressions.length}`);
  return [
    ...(median > longest.median || p90 > longest.p90
      ? [
          `functions have ${median} lines in the median and ${p90} in the 90th percentile, over ${longest.median} and ${longest.p90}: what is read often must fit the eye`,
        ]
      : []),
    ...long
      .filter(({ reason }) => reason === undefined)
      .map(
        ({ path, lines }) =>
          `${path}: ${lines} lines, over ${longestFile}: split it, or say "Long because ..." in it: a file is found by the one thing that it holds`,
      ),
    ...anys.map((place) => `${place}: any: it spreads to whatever touches it, unseen`),
    ...nonNulls.map((place) => `${place}: !: a promise that nothing checks`),
    ...suppressions.map((place) => `${place}: a suppression: it outlives its reason`),
  ];
}

/** What runs at a user's, as opposed to what tries or measures it. */
const isProduct = ({ path }: SourceFile) =>
  /^(?:client|lib|functions|hosts|redis-rest|db|scripts)\//.test(path) && !path.endsWith('.test.ts');

const say = (line: string) => process.stdout.write(`${line}\n`);

process.exitCode = main();
