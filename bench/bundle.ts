/** A server of a bench, bundled as the router is deployed: a loader that compiles while it runs would be measured along. */
import { build, type BuildOptions } from 'esbuild';

/** @param source a file, or text with the folder whose packages it imports */
export async function bundleServer(
  source: string | { readonly contents: string; readonly resolveDir: string },
  outfile: string,
): Promise<void> {
  const input: BuildOptions = typeof source === 'string' ? { entryPoints: [source] } : { stdin: source };
  await build({
    ...input,
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['pg-native', '@node-rs/argon2'],
    logLevel: 'error',
    // Some libraries are CommonJS and require node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
}
