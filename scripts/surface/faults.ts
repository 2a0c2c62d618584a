/** What makes a function unfit to be deployed. */
import { toBundleBudget } from '../../contract/bundle-budget.ts';
import type { Route, Surface } from '../../contract/surface.ts';
import type { Metafile } from 'esbuild';

export interface BuiltFunction {
  readonly name: string;
  readonly metafile: Metafile;
}

/** Packages that hold a socket, a file or a megabyte; a host brings them, a function never does. */
export const forbidden = [
  'postgres',
  'drizzle-orm',
  '@hono/node-server',
  '@node-rs/argon2',
  '@opentelemetry/api',
  '@upstash/redis',
  'resend',
  'pg',
];

/** One line per fault, each naming the files. */
export function findFaults(
  surface: readonly Surface[],
  bundles: readonly BuiltFunction[] = [],
): readonly string[] {
  return [...findShapeFaults(surface), ...findSharedAddresses(surface), ...bundles.flatMap(findBundleFaults)];
}

function findShapeFaults(surface: readonly Surface[]): string[] {
  return surface.flatMap(({ name, endpoints, unguarded, isApp }) => {
    const file = `functions/${name}.ts`;
    if (!isApp) return [`${file}: its default export is no app; createFunction() makes one`];
    if (endpoints.length === 0) return [`${file}: has no route; a function has exactly one`];
    if (endpoints.length > 1) {
      const list = endpoints.map(({ method, path }) => `${method} ${path}`).join(', ');
      return [`${file}: has ${endpoints.length} routes (${list}); a function has exactly one`];
    }
    return unguarded ? [`${file}: its route has no guard`] : [];
  });
}

function findSharedAddresses(surface: readonly Surface[]): string[] {
  const files = new Map<string, string[]>();
  for (const { name, endpoints } of surface) {
    for (const endpoint of endpoints) {
      const address = toAddress(endpoint);
      files.set(address, [...(files.get(address) ?? []), `functions/${name}.ts`]);
    }
  }
  return [...files]
    .filter(([, names]) => names.length > 1)
    .map(([address, names]) => `${names.join(' and ')}: both answer to ${address}`);
}

/** Two parameters at one place are one address, whatever their names. */
export function toAddress({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path.replace(/:[^/]+/g, ':*')}`;
}

function findBundleFaults({ name, metafile }: BuiltFunction): string[] {
  const file = `functions/${name}.ts`;
  const packages = new Set(Object.keys(metafile.inputs).map(toPackage));
  const faults = forbidden
    .filter((owner) => packages.has(owner))
    .map((owner) => {
      const isWanted = (path: string) => toPackage(path) === owner;
      const chain = (findChain(metafile.inputs, entryOf(metafile), isWanted) ?? [owner]).join(' -> ');
      return `${file}: the package ${owner} must not be in a function; it comes by ${chain}`;
    });
  const bytes = Object.values(metafile.outputs)[0]?.bytes ?? 0;
  const budget = toBundleBudget(name);
  if (bytes > budget) faults.push(`${file}: ${bytes} bytes are over the budget of ${budget}`);
  return faults;
}

/** `node_modules/@scope/name/dist/index.js` -> `@scope/name`; undefined for a file of ours. */
export function toPackage(input: string): string | undefined {
  return input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/)?.[1];
}

/** The entry of a bundle that has one. */
function entryOf({ outputs }: Metafile): string {
  return Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined)?.entryPoint ?? '';
}

/** The imports that lead from a file to the first one that is wanted, shortest way; undefined when none does. */
export function findChain(
  inputs: Metafile['inputs'],
  entry: string,
  isWanted: (path: string) => boolean,
): readonly string[] | undefined {
  const queue: string[][] = [[entry]];
  const seen = new Set([entry]);
  for (let path = queue.shift(); path; path = queue.shift()) {
    const last = path.at(-1) ?? '';
    if (isWanted(last)) return path;
    for (const { path: next } of inputs[last]?.imports ?? []) {
      if (!seen.has(next)) queue.push([...path, next]);
      seen.add(next);
    }
  }
  return undefined;
}
