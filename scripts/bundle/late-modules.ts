/** What a bundle loads when it is wanted, by `import()`: modules beside it, each whole in itself, and the same beside every bundle. */
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { throwFault } from './fault.ts';

/**
 * Each is wanted by few requests of the functions that may want it, and would be read and compiled at the start of all: the emails
 * in every language and what sends them, Argon2id where it is not native, the list of common passwords, and the script that Redis nearly always knows.
 */
const files = [
  'hosts/core/delivery.ts',
  'hosts/core/plain-argon2id.ts',
  'lib/rate-limit/sliding-window.lua.ts',
  'lib/security/common-passwords.ts',
];

export interface LateModule {
  readonly name: string;
  /** By which a bundle asks for it. */
  readonly path: string;
  readonly output: Metafile['outputs'][string];
  /** Itself and its map, by name. */
  readonly files: readonly (readonly [name: string, contents: Uint8Array])[];
  /** Its inputs, and itself as one of them. */
  readonly inputs: Metafile['inputs'];
}

const project = fileURLToPath(new URL('../../', import.meta.url));

const toPath = (file: string) => `./${basename(file, '.ts')}.mjs`;

/** An `import()` of one of those stays one, of the file beside the bundle. */
export const lateModules: Plugin = {
  name: 'late-modules',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, resolveDir }) => {
      const file = relative(project, resolve(resolveDir, path));
      return kind === 'dynamic-import' && files.includes(file)
        ? { path: toPath(file), external: true }
        : undefined;
    });
  },
};

/**
 * Those that some bundle asks for.
 *
 * @param settings of the bundles
 * @throws {BundleFault} when esbuild can't resolve or read something
 */
export async function bundleLateModules(
  settings: BuildOptions,
  { outputs }: Metafile,
): Promise<readonly LateModule[]> {
  const asked = new Set(Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path)));
  return Promise.all(
    files.filter((file) => asked.has(toPath(file))).map((file) => bundleLateModule(settings, file)),
  );
}

async function bundleLateModule(settings: BuildOptions, file: string): Promise<LateModule> {
  const name = basename(file, '.ts');
  const path = toPath(file);
  const { outputFiles, metafile } = await build({
    ...settings,
    entryPoints: [{ in: join(project, file), out: name }],
    outdir: '.',
    metafile: true,
    write: false,
  }).catch(throwFault);
  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  if (output?.entryPoint === undefined) throw new TypeError(`esbuild made no ${path}`);
  const link = { path: output.entryPoint, kind: 'import-statement' } as const;
  return {
    name,
    path,
    output,
    files: outputFiles.map((each) => [basename(each.path), each.contents] as const),
    inputs: { ...metafile.inputs, [path]: { bytes: 0, imports: [link] } },
  };
}
