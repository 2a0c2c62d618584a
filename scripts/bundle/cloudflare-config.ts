/** Each Worker by its `wrangler.jsonc`, and the Worker in front that knows paths and methods. */
import { dirname, join } from 'node:path';
import { type Deployable, everyMinute, findLightest, isScheduled, toPattern, write } from './deployable.ts';
import type { EdgeSettings } from './settings.ts';
import { toSlug } from './targets.ts';

// workerd of the lockfile knows it; Node's modules are there without a flag since 2026-08-04, and with it before.
const compatibilityDate = '2026-11-01';

export function writeWrangler(out: string, deployables: readonly Deployable[], settings: EdgeSettings): void {
  for (const deployable of deployables) {
    write(join(dirname(deployable.file), 'wrangler.jsonc'), toConfig(deployable, settings));
  }
  const alone = deployables.filter(({ name }) => name !== 'all');
  if (alone.length > 0) writeRouter(out, alone);
}

function toConfig({ name, endpoints, needs, file }: Deployable, { variables, hyperdrive }: EdgeSettings) {
  return {
    name: `blockbot-${toSlug(name)}`,
    main: file.slice(dirname(file).length + 1),
    no_bundle: true,
    upload_source_maps: true,
    compatibility_date: compatibilityDate,
    compatibility_flags: ['nodejs_compat'],
    // Who calls comes in a header that only Cloudflare's own front may write: the one way in is the router.
    workers_dev: name === 'all',
    preview_urls: false,
    observability: { enabled: true },
    ...(hyperdrive !== undefined &&
      needs.database && { hyperdrive: [{ binding: 'HYPERDRIVE', id: hyperdrive }] }),
    // Without PUBLIC_URL every answer says "misconfigured", and the log why: better than tokens of another issuer.
    vars: variables,
    ...(endpoints.some(isScheduled) && { triggers: { crons: [everyMinute] } }),
    // A hash takes some 200 ms of CPU, which the free plan has not: there Cloudflare refuses this line at deployment.
    ...(needs.passwords && { limits: { cpu_ms: 5000 } }),
  };
}

const toBinding = (name: string) => toSlug(name).replaceAll('-', '_').toUpperCase();

function writeRouter(out: string, alone: readonly Deployable[]): void {
  const table = alone.flatMap(({ name, endpoints }) =>
    endpoints.map(({ method, path }) => [method, toPattern(path), toBinding(name)]),
  );
  write(join(out, 'router/index.mjs'), toRouterWorker(table, toBinding(findLightest(alone)?.name ?? '')));
  write(join(out, 'router/wrangler.jsonc'), {
    name: 'blockbot-router',
    main: 'index.mjs',
    no_bundle: true,
    compatibility_date: compatibilityDate,
    workers_dev: true,
    preview_urls: false,
    services: alone.map(({ name }) => ({ binding: toBinding(name), service: `blockbot-${toSlug(name)}` })),
  });
}

/**
 * Routes of Workers know no methods, and three functions share `/v1/me`: this Worker knows them. What fits none goes to a
 * function all the same, which answers 404 or 405 as it always does: an unknown path to the lightest.
 */
function toRouterWorker(table: readonly (readonly string[])[], lightest: string): string {
  return `const endpoints = ${JSON.stringify(table)}.map(([method, path, name]) => [method, new RegExp(path), name]);
export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    const asked = request.method === 'OPTIONS' ? request.headers.get('access-control-request-method') : request.method;
    const wanted = asked === 'HEAD' ? 'GET' : asked;
    const here = endpoints.filter(([, path]) => path.test(pathname));
    const [, , name] = here.find(([method]) => method === wanted) ?? here[0] ?? [, , '${lightest}'];
    return env[name].fetch(request);
  },
};
`;
}
