/** One run of esbuild for a target: every function with the target's adapter around it. */
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildFailure, type Metafile, type Plugin } from 'esbuild';
import type { Target } from './targets.ts';

export interface TargetBundle {
  readonly name: string;
  /** The functions in it. */
  readonly functions: readonly string[];
  /** Of this bundle alone: one output, and the inputs that can be reached from its entry. */
  readonly metafile: Metafile;
  readonly entry: string;
  readonly output: Metafile['outputs'][string];
}

/** Thrown with one line per fault. */
export class BundleFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

const project = fileURLToPath(new URL('../../', import.meta.url));

export interface BundleRequest {
  readonly target: Target;
  readonly names: readonly string[];
  readonly root: URL;
  readonly out: string;
  readonly together: boolean;
}

/** @throws {BundleFault} when esbuild can't resolve or read something */
export async function bundleTarget(request: BundleRequest): Promise<readonly TargetBundle[]> {
  const { target, names, out, together } = request;
  const deployables = together
    ? [{ name: 'all', functions: names }]
    : names.map((name) => ({ name, functions: [name] }));
  const { metafile } = await build({
    entryPoints: deployables.map(({ name }) => ({ in: `entry:${name}`, out: target.toEntry(name) })),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: target.language,
    metafile: true,
    logLevel: 'silent',
    // Told by name below; esbuild would only say that it has no loader.
    loader: { '.node': 'empty' },
    legalComments: 'none',
    plugins: [toEntries(request)],
  }).catch((error: unknown) => {
    throw isBuildFailure(error) ? new BundleFault(error.errors.map(toFault)) : error;
  });
  return deployables.map(({ name, functions }) => {
    const entry = `entry:${name}`;
    const file = join(out, `${target.toEntry(name)}.mjs`);
    const [path, output] =
      Object.entries(metafile.outputs).find(([candidate]) => resolve(candidate) === resolve(file)) ?? [];
    if (path === undefined || output === undefined) throw new TypeError(`esbuild wrote no ${file}`);
    return {
      name,
      functions,
      entry,
      output,
      metafile: { inputs: metafile.inputs, outputs: { [path]: output } },
    };
  });
}

/** The entries are no files: an import of each function, the adapter around it. */
function toEntries({ target, names, root, together }: BundleRequest): Plugin {
  const at = (path: string) => JSON.stringify(join(project, path));
  const toFile = (name: string) => JSON.stringify(fileURLToPath(new URL(`functions/${name}.ts`, root)));
  const { adapter, ending } = target;
  const adapt = `import { ${adapter.name} as adapt } from ${at(adapter.file)};`;

  function toSource(name: string): string {
    if (!together) return `import app from ${toFile(name)};\n${adapt}\n${ending}\n`;
    const imports = names.map((each, nth) => `import f${nth} from ${toFile(each)};`);
    const list = names.map((_, nth) => `f${nth}`).join(', ');
    const router = `import { createRouter } from ${at('hosts/router.ts')};`;
    return `${imports.join('\n')}\n${router}\n${adapt}\nconst app = createRouter([${list}]);\n${ending}\n`;
  }

  return {
    name: 'entries',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^entry:/ }, ({ path }) => ({
        path: path.slice('entry:'.length),
        namespace: 'entry',
      }));
      onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({
        contents: toSource(path),
        loader: 'js',
        resolveDir: project,
      }));
    },
  };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error;
}

function toFault({ text, location }: BuildFailure['errors'][number]): string {
  return location ? `${relative('.', location.file)}:${location.line}: ${text}` : text;
}
