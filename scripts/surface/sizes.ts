/** The table of what each bundle weighs, and what weighs in it. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type BuiltFunction, toPackage } from './faults.ts';

interface SizedFunction extends BuiltFunction {
  /** What it loads when it is wanted, beside the bundle. */
  readonly late?: readonly { readonly name: string; readonly output: { readonly bytes: number } }[];
}

export function printSizes(bundles: readonly SizedFunction[]): void {
  if (bundles.length === 0) return;
  const rows = bundles.map(toRow);
  const width = Math.max(...rows.map(([name]) => name.length));
  process.stdout.write(`${'function'.padEnd(width)}  minified     gzip  what weighs\n`);
  for (const [name, minified, gzip, weights] of rows) {
    process.stdout.write(`${name.padEnd(width)}  ${kilobytes(minified)}  ${kilobytes(gzip)}  ${weights}\n`);
  }
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`.padStart(8);

function toRow({ name, metafile, late = [] }: SizedFunction): [string, number, number, string] {
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
  const beside = late.map((module) => `${module.name} ${(module.output.bytes / 1000).toFixed(1)}`);
  const weighing = [heaviest.join(', '), ...(beside.length > 0 ? [`later ${beside.join(', ')}`] : [])];
  return [name, output?.bytes ?? 0, gzipSync(readFileSync(file)).length, weighing.join('; ')];
}
