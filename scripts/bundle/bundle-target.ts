/** One run of esbuild for a target: every function with the target's adapter around it. */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { throwFault } from './fault.ts';
import { bundleLateModules, type LateModule, lateModules } from './late-modules.ts';
import type { Needs } from '../../hosts/core/needs.ts';
import { withoutUnusedParts } from './unused-parts.ts';
import type { HostPart, Target } from './targets.ts';

export interface TargetBundle {
  readonly name: string;
  /** The functions in it. */
  readonly functions: readonly string[];
  readonly needs: Needs;
  /** Of this bundle alone: one output, and the inputs that can be reached from its entry. */
  readonly metafile: Metafile;
  readonly entry: string;
  readonly output: Metafile['outputs'][string];
  /** What stands beside it, to be loaded when it is wanted. */
  readonly late: readonly LateModule[];
}

/** What a host gets only where a function has one of these needs: the file and what it exports. */
const parts = [
  { for: ['rateLimits'], file: 'hosts/core/rate-limits.ts', name: 'createRestRateLimits' },
  { for: ['health'], file: 'lib/core/health.ts', name: 'createHealth' },
  { for: ['database'], file: 'db/client.ts', name: 'createDatabaseClient' },
  { for: ['database'], file: 'lib/core/connection-string-variable.ts', name: 'readConnectionString' },
  { for: ['keys'], file: 'lib/security/jwt.ts', name: 'createJwtKeys' },
  { for: ['passwords'], file: 'hosts/core/passwords.ts', name: 'preparePasswords' },
  { for: ['outbox'], file: 'hosts/core/outbox.ts', name: 'createOutbox' },
  { for: ['apiKeys'], file: 'hosts/core/api-keys.ts', name: 'createKeyParts' },
  { for: ['idempotency'], file: 'hosts/core/idempotency.ts', name: 'createIdempotency' },
] as const satisfies readonly HostPart[];

const project = fileURLToPath(new URL('../../', import.meta.url));

export interface BundleRequest {
  readonly target: Target;
  /** The functions, and what each asks for. */
  readonly functions: ReadonlyMap<string, Needs>;
  readonly root: URL;
  readonly out: string;
  readonly together: boolean;
}

/** @throws {BundleFault} when esbuild can't resolve or read something */
export async function bundleTarget(request: BundleRequest): Promise<readonly TargetBundle[]> {
  const { target, out } = request;
  const deployables = toDeployables(request);
  const settings = toSettings(target);
  const { metafile } = await build({
    ...settings,
    entryPoints: deployables.map(({ name }) => ({ in: `entry:${name}`, out: target.toEntry(name) })),
    outdir: out,
    plugins: [toEntries(request), lateModules, withoutLuaComments, ...settings.plugins],
  }).catch(throwFault);
  const late = await bundleLateModules(settings, metafile);
  return deployables.map((deployable) => {
    const { name } = deployable;
    const entry = `entry:${name}`;
    const file = join(out, `${target.toEntry(name)}.mjs`);
    const [path, output] =
      Object.entries(metafile.outputs).find(([candidate]) => resolve(candidate) === resolve(file)) ?? [];
    if (path === undefined || output === undefined) throw new TypeError(`esbuild wrote no ${file}`);
    const own = late.filter((module) => output.imports.some((each) => each.path === module.path));
    for (const { files } of own) {
      for (const [beside, contents] of files) writeFileSync(join(dirname(file), beside), contents);
    }
    const inputs = { ...metafile.inputs };
    for (const module of own) Object.assign(inputs, module.inputs);
    return {
      ...deployable,
      entry,
      output,
      late: own,
      metafile: { inputs, outputs: { [path]: output } },
    };
  });
}

function toSettings(target: Target) {
  return {
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    // Each module is UTF-8 wherever it runs; `\\xFC` for `ü` is for who is not sure.
    charset: 'utf8',
    format: 'esm',
    platform: 'node',
    target: target.language,
    metafile: true,
    logLevel: 'silent',
    // Told by name below; esbuild would only say that it has no loader.
    loader: { '.node': 'empty' },
    // A stack of production leads to our lines by it; their text is in the repository.
    sourcemap: 'linked',
    sourcesContent: false,
    // All in one file: `notices.ts`.
    legalComments: 'none',
    ...(target.conditions && { conditions: [...target.conditions] }),
    external: [...target.external],
    plugins: [withoutReplication, withoutUnusedParts, ownPlatform, toReplacements(target)],
  } satisfies BuildOptions;
}

function toDeployables({ functions, together }: BundleRequest) {
  const alone = [...functions].map(([name, needs]) => ({ name, functions: [name], needs }));
  if (!together) return alone;
  const some = (need: keyof Needs) => alone.some(({ needs }) => needs[need]);
  const needs = {
    database: some('database'),
    keys: some('keys'),
    passwords: some('passwords'),
    outbox: some('outbox'),
    apiKeys: some('apiKeys'),
    idempotency: some('idempotency'),
    rateLimits: some('rateLimits'),
    health: some('health'),
    scheduled: some('scheduled'),
  };
  return [{ name: 'all', functions: [...functions.keys()], needs }];
}

/**
 * Logical replication and large objects of postgres.js: 5 kB of every bundle, that nothing here asks for. The driver calls what
 * these modules export when it is opened, so that they are others, and not cut as `unused-parts.ts` does.
 */
const withoutReplication: Plugin = {
  name: 'without-replication',
  setup: ({ onLoad }) => {
    onLoad({ filter: /node_modules[\\/]postgres[\\/](?:cf[\\/])?src[\\/](?:subscribe|large)\.js$/ }, () => ({
      contents: "export default () => () => { throw new Error('not in this bundle'); };",
    }));
  },
};

/** What the build of postgres.js for Workers has of its platform, as ours has it. */
const ownPlatform: Plugin = {
  name: 'own-platform',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/polyfills\.js$/ }, ({ importer }) =>
      /node_modules[\\/]postgres[\\/]cf[\\/]src[\\/]/.test(importer)
        ? { path: join(project, 'hosts/cloudflare/driver-platform.ts') }
        : undefined,
    );
  },
};

/**
 * Lua is text to esbuild, which leaves its comments and indentation. Not that of a late module: Redis is asked for it by the hash of
 * the text as it stands.
 */
const withoutLuaComments: Plugin = {
  name: 'without-lua-comments',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.lua\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/^ *--.*\n/gm, '').replace(/^ +/gm, ''),
      loader: 'ts',
    }));
  },
};

/** Files of the platform's own in the place of those that do the same everywhere else. */
function toReplacements({ replaced }: Target): Plugin {
  const files = new Map(
    Object.entries(replaced).map(([file, by]) => [join(project, file), join(project, by)]),
  );
  return {
    name: 'replacements',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, importer }) => {
        const by = files.get(resolve(resolveDir, path));
        // The one that takes its place may know it.
        return by === undefined || by === importer ? undefined : { path: by };
      });
    },
  };
}

const toParts = ({ ownParts }: Target, needs: Needs) =>
  [...parts, ...ownParts].filter((part) => part.for.some((need) => needs[need]));

/** The entries are no files: an import of each function, the adapter around it. */
function toEntries(request: BundleRequest): Plugin {
  const at = (path: string) => JSON.stringify(join(project, path));
  const toFile = (name: string) =>
    JSON.stringify(fileURLToPath(new URL(`functions/${name}.ts`, request.root)));
  const { adapter, ending } = request.target;
  const sources = new Map(
    toDeployables(request).map(({ name, functions, needs }) => {
      const own = toParts(request.target, needs);
      return [
        name,
        [
          ...functions.map((each, nth) => `import f${nth} from ${toFile(each)};`),
          `import { ${adapter.name} } from ${at(adapter.file)};`,
          ...own.map(({ file, name: part }) => `import { ${part} } from ${at(file)};`),
          ...(request.together
            ? [
                `import { createRouter } from ${at('hosts/core/router.ts')};`,
                `const app = createRouter([${functions.map((_, nth) => `f${nth}`).join(', ')}]);`,
              ]
            : ['const app = f0;']),
          `const adapted = ${adapter.name}(app, { ${own.map(({ name: part }) => part).join(', ')} });`,
          ending,
        ].join('\n'),
      ];
    }),
  );

  return {
    name: 'entries',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^entry:/ }, ({ path }) => ({
        path: path.slice('entry:'.length),
        namespace: 'entry',
      }));
      onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
        contents: sources.get(path) ?? '',
        loader: 'js',
        resolveDir: project,
      }));
    },
  };
}
