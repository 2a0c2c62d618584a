/** The platforms: which adapter a bundle is made with, and what else it must not hold there. */
import type { Needs } from '../../hosts/core/needs.ts';

export interface HostPart {
  /** A function that has one of these needs has it. */
  readonly for: readonly (keyof Needs)[];
  readonly file: string;
  /** What the file exports. */
  readonly name: string;
}

export interface Target {
  readonly name: TargetName;
  /** The adapter in `hosts/` and what it exports. */
  readonly adapter: { readonly file: string; readonly name: string };
  /** What the adapter gets of its platform's own, where a function has one of these needs. */
  readonly ownParts: readonly HostPart[];
  /** What the entry does with the adapted app, which is `adapted` there. */
  readonly ending: string;
  /** The oldest language that the platform runs. */
  readonly language: string;
  /** Where the entry of a deployable stands, without `.mjs`. */
  readonly toEntry: (name: string) => string;
  /** Bytes of the host beyond what all have: a whole HTTP server, where the platform is none, say. */
  readonly ownBytes: number;
  /** Modules of Node's that are not there, or do nothing. */
  readonly missing: readonly string[];
  /** By which packages tell their build for this platform; esbuild's own unless told. */
  readonly conditions?: readonly string[];
  /** Modules of the platform's own. */
  readonly external: readonly string[];
  /** Files of ours, and those that stand in for them there. */
  readonly replaced: Readonly<Record<string, string>>;
}

export const targetNames = ['cloudflare', 'deno', 'bun', 'node', 'lambda', 'vercel', 'netlify'] as const;
export type TargetName = (typeof targetNames)[number];

/** A name that platforms take for a service of its own: `sessions/login` -> `sessions-login`. */
export const toSlug = (name: string) => name.replaceAll('/', '-');

/**
 * Where functions of Netlify are written; a build command puts them in place. Netlify's own build deletes whatever stands in
 * `.netlify/v1` before it runs the command, and a deploy builds first.
 */
export const netlifyFolder = 'built/v1';

const noProcesses = [
  'node:child_process',
  'node:cluster',
  'node:worker_threads',
  'node:inspector',
  'node:repl',
];

/** Of whatever Node runs: its own client of HTTP. */
const byNode = { 'lib/rate-limit/rest-redis.ts': 'hosts/core/node-rest-redis.ts' };

export const targets: Readonly<Record<TargetName, Target>> = {
  cloudflare: {
    name: 'cloudflare',
    adapter: { file: 'hosts/cloudflare/worker.ts', name: 'toWorker' },
    ownParts: [
      { file: 'hosts/cloudflare/permits.ts', name: 'createPermits', for: ['database', 'passwords'] },
      { file: 'hosts/cloudflare/scheduled.ts', name: 'createScheduledRun', for: ['scheduled'] },
    ],
    ending: 'export default adapted;',
    language: 'es2023',
    toEntry: (name) => `${toSlug(name)}/index`,
    // Its own socket, and the build of postgres.js that goes with it.
    ownBytes: 3_500,
    missing: [...noProcesses, 'node:dgram', 'node:v8', 'node:vm', 'node:wasi', 'node:sqlite'],
    conditions: ['workerd', 'module'],
    external: ['cloudflare:*'],
    replaced: { 'db/dial.ts': 'hosts/cloudflare/dial.ts' },
  },
  deno: {
    name: 'deno',
    adapter: { file: 'hosts/deno/server.ts', name: 'toDenoServer' },
    ownParts: [],
    ending: 'export default adapted;',
    language: 'es2023',
    toEntry: (name) => `${toSlug(name)}/index`,
    ownBytes: 0,
    missing: ['node:wasi'],
    external: [],
    replaced: {},
  },
  bun: {
    name: 'bun',
    adapter: { file: 'hosts/bun/server.ts', name: 'toBunServer' },
    ownParts: [],
    ending: 'export default adapted;',
    language: 'es2023',
    toEntry: (name) => `${toSlug(name)}/index`,
    ownBytes: 0,
    missing: ['node:wasi', 'node:sqlite'],
    external: [],
    replaced: {},
  },
  node: {
    name: 'node',
    adapter: { file: 'hosts/node/standalone.ts', name: 'serve' },
    ownParts: [{ file: 'hosts/node/usage-writer.ts', name: 'startUsageWriter', for: ['apiKeys'] }],
    ending: 'await adapted;',
    language: 'node20',
    toEntry: (name) => `${toSlug(name)}/index`,
    ownBytes: 22_500,
    missing: ['node:sqlite'],
    external: [],
    replaced: byNode,
  },
  lambda: {
    name: 'lambda',
    adapter: { file: 'hosts/lambda/handler.ts', name: 'toLambdaHandler' },
    ownParts: [{ file: 'hosts/lambda/scheduled.ts', name: 'createScheduledRun', for: ['scheduled'] }],
    ending: 'export const handler = adapted;',
    language: 'node22',
    toEntry: (name) => `${toSlug(name)}/index`,
    // It reads the events of three services.
    ownBytes: 3_000,
    missing: [],
    external: [],
    replaced: byNode,
  },
  vercel: {
    name: 'vercel',
    adapter: { file: 'hosts/vercel/function.ts', name: 'toVercelFunction' },
    ownParts: [{ file: 'hosts/vercel/scheduled.ts', name: 'createScheduledReading', for: ['scheduled'] }],
    ending: 'export default adapted;',
    language: 'node22',
    toEntry: (name) => `.vercel/output/functions/${name}.func/index`,
    ownBytes: 0,
    missing: [],
    external: [],
    replaced: byNode,
  },
  netlify: {
    name: 'netlify',
    adapter: { file: 'hosts/netlify/function.ts', name: 'toNetlifyFunction' },
    ownParts: [],
    ending: 'export default adapted;',
    language: 'node20',
    toEntry: (name) => `${netlifyFolder}/functions/${toSlug(name)}/${toSlug(name)}`,
    ownBytes: 0,
    missing: [],
    external: [],
    replaced: byNode,
  },
};
