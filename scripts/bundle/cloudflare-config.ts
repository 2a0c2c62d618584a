/** Each Worker by its `wrangler.jsonc`, and the Worker in front that knows paths and methods. */
import { dirname, join } from 'node:path';
import { type Deployable, everyMinute, findLightest, isScheduled, toPattern, write } from './deployable.ts';
import { toSlug } from './targets.ts';

// workerd of the lockfile knows it; Node's modules are there without a flag since 2026-08-04, and with it before.
const compatibilityDate = '2026-11-01';

export function writeWrangler(out: string, deployables: readonly Deployable[]): void {
  for (const { name, endpoints, hashes, file } of deployables) {
    write(join(dirname(file), 'wrangler.jsonc'), {
      name: `blockbot-${toSlug(name)}`,
      main: 'index.mjs',
      no_bundle: true,
      upload_source_maps: true,
      compatibility_date: compatibilityDate,
      compatibility_flags: ['nodejs_compat'],
      // Who calls comes in a header that only Cloudflare's own front may write: the one way in is the router.
      workers_dev: name === 'all',
      preview_urls: false,
      observability: { enabled: true },
      hyperdrive: [{ binding: 'HYPERDRIVE', id: '<the id that wrangler hyperdrive create answers>' }],
      vars: { PUBLIC_URL: 'https://api.example.com' },
      ...(endpoints.some(isScheduled) && { triggers: { crons: [everyMinute] } }),
      // A hash takes some 200 ms of CPU, which the free plan has not: there Cloudflare refuses this line at deployment.
      ...(hashes && { limits: { cpu_ms: 5000 } }),
    });
  }
  const alone = deployables.filter(({ name }) => name !== 'all');
  if (alone.length === 0) return;
  const binding = (name: string) => toSlug(name).replaceAll('-', '_').toUpperCase();
  const table = alone.flatMap(({ name, endpoints }) =>
    endpoints.map(({ method, path }) => [method, toPattern(path), binding(name)]),
  );
  write(join(out, 'router/index.mjs'), toRouterWorker(table, binding(findLightest(alone)?.name ?? '')));
  write(join(out, 'router/wrangler.jsonc'), {
    name: 'blockbot-router',
    main: 'index.mjs',
    no_bundle: true,
    compatibility_date: compatibilityDate,
    workers_dev: true,
    preview_urls: false,
    services: alone.map(({ name }) => ({ binding: binding(name), service: `blockbot-${toSlug(name)}` })),
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
