/** Functions of Vercel, its routes and its cron jobs, as the Build Output API has them. */
import { dirname, join } from 'node:path';
import {
  type Deployable,
  everyMinute,
  findLightest,
  toMethods,
  toPattern,
  toScheduledPaths,
  write,
} from './deployable.ts';

export function writeVercel(out: string, deployables: readonly Deployable[]): void {
  for (const { needs, file } of deployables) {
    write(join(dirname(file), '.vc-config.json'), {
      runtime: 'nodejs24.x',
      handler: 'index.mjs',
      launcherType: 'Nodejs',
      shouldAddHelpers: false,
      supportsResponseStreaming: true,
      maxDuration: 10,
      memory: needs.passwords ? 1769 : 1024,
    });
    write(join(dirname(file), 'package.json'), { type: 'module' });
  }
  const together = deployables.find(({ name }) => name === 'all');
  const routes = together
    ? []
    : deployables.flatMap(({ name, endpoints }) =>
        endpoints.map(({ method, path }) => ({
          src: toPattern(path),
          methods: [...toMethods(method), 'OPTIONS'],
          dest: `/${name}`,
        })),
      );
  // Another method at a known path is refused by its first function (405), an unknown path by the lightest of all (404).
  const others = together ? [] : routes.map(({ src, dest }) => ({ src, dest }));
  const last = { src: '^/.*$', dest: `/${findLightest(deployables)?.name ?? ''}` };
  const crons = toScheduledPaths(deployables).map((path) => ({ path, schedule: everyMinute }));
  write(join(out, '.vercel/output/config.json'), {
    version: 3,
    routes: [...routes, ...others, last],
    ...(crons.length > 0 && { crons }),
  });
}
