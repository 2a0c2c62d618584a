/** The table of what each bundle weighs, and what weighs in it. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type BuiltFunction, toPackage } from './faults.ts';

export function printSizes(bundles: readonly BuiltFunction[]): void {
  if (bundles.length === 0) return;
  const rows = bundles.map(toRow);
  const width = Math.max(...rows.map(([name]) => name.length));
  process.stdout.write(`${'function'.padEnd(width)}  minified     gzip  what weighs\n`);
  for (const [name, minified, gzip, weights] of rows) {
    process.stdout.write(`${name.padEnd(width)}  ${kilobytes(minified)}  ${kilobytes(gzip)}  ${weights}\n`);
  }
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`.padStart(8);

function toRow({ name, metafile }: BuiltFunction): [string, number, number, string] {
  const [[file, output] = ['', undefined]] = Object.entries(metafile.outputs);
  const weights = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    const owner = toPackage(input) ?? 'ours';
    weights.set(owner, (weights.get(owner) ?? 0) + bytesInOutput);
  }
  const heaviest = [...weights]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([owner, bytes]) => `${owner} ${(bytes / 1000).toFixed(1)}`);
  return [name, output?.bytes ?? 0, gzipSync(readFileSync(file)).length, heaviest.join(', ')];
}
