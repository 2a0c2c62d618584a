/** What each platform wants beside the code: its own configuration, and the routes that bring a path to its function. */
import { dirname, join, relative } from 'node:path';
import { writeWrangler } from './cloudflare-config.ts';
import { type Deployable, toMethods, write, type Writer } from './deployable.ts';
import { writeDeployScript } from './deploy-script.ts';
import { writeLambda } from './lambda-config.ts';
import { writeNetlify } from './netlify-config.ts';
import type { EdgeSettings } from './settings.ts';
import type { TargetName } from './targets.ts';
import { writeVercel } from './vercel-config.ts';

/** Writes the files of a target below its folder. */
export function writePlatformConfig(
  target: TargetName,
  out: string,
  deployables: readonly Deployable[],
  settings: EdgeSettings,
): void {
  writers[target](out, deployables, settings);
  writeDeployScript(target, out, deployables);
  const routes = deployables.flatMap(({ name, endpoints, file }) =>
    endpoints.map(({ method, path }) => ({
      methods: toMethods(method),
      path,
      function: name,
      file: relative(out, file),
    })),
  );
  write(join(out, 'routes.json'), routes);
}

const writers: Readonly<Record<TargetName, Writer>> = {
  cloudflare: writeWrangler,
  deno: writeEach((folder) => {
    write(join(folder, 'deno.json'), {
      nodeModulesDir: 'none',
      tasks: { start: 'deno serve --allow-net --allow-env --allow-sys index.mjs' },
      deploy: { runtime: { type: 'dynamic', entrypoint: './index.mjs' } },
    });
  }),
  bun: writeEach((folder) => {
    write(join(folder, 'package.json'), { type: 'module', scripts: { start: 'bun index.mjs' } });
  }),
  node: writeEach((folder) => {
    write(join(folder, 'package.json'), { type: 'module', scripts: { start: 'node index.mjs' } });
  }),
  lambda: writeLambda,
  vercel: writeVercel,
  netlify: writeNetlify,
};

function writeEach(writeOne: (folder: string) => void): Writer {
  return (_, deployables) => {
    for (const { file } of deployables) writeOne(dirname(file));
  };
}
