/** What each platform wants beside the code: its own configuration, and the routes that bring a path to its function. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Route } from '../../contract/surface.ts';
import { type TargetName, toSlug } from './targets.ts';

/** What is deployed as one: a function, or all of them. */
export interface Deployable {
  readonly name: string;
  readonly endpoints: readonly Route[];
  /** Whether some endpoint of it asks for a password to be hashed. */
  readonly hashes: boolean;
  /** The bundle. */
  readonly file: string;
}

type Writer = (out: string, deployables: readonly Deployable[]) => void;

/** Writes the files of a target below its folder. */
export function writePlatformConfig(
  target: TargetName,
  out: string,
  deployables: readonly Deployable[],
): void {
  writers[target](out, deployables);
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

// workerd of the lockfile knows it; Node's modules are there without a flag since 2026-08-04, and with it before.
const compatibilityDate = '2026-11-01';

function writeWrangler(out: string, deployables: readonly Deployable[]): void {
  for (const { name, endpoints, hashes, file } of deployables) {
    write(join(dirname(file), 'wrangler.jsonc'), {
      name: `blockbot-${toSlug(name)}`,
      main: 'index.mjs',
      no_bundle: true,
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
  write(join(out, 'router/index.mjs'), toRouterWorker(table));
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
 * function all the same, which answers 404 or 405 as it always does.
 */
function toRouterWorker(table: readonly (readonly string[])[]): string {
  return `const endpoints = ${JSON.stringify(table)}.map(([method, path, name]) => [method, new RegExp(path), name]);
export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    const asked = request.method === 'OPTIONS' ? request.headers.get('access-control-request-method') : request.method;
    const wanted = asked === 'HEAD' ? 'GET' : asked;
    const here = endpoints.filter(([, path]) => path.test(pathname));
    const [, , name] = here.find(([method]) => method === wanted) ?? here[0] ?? endpoints[0];
    return env[name].fetch(request);
  },
};
`;
}

function writeLambda(out: string, deployables: readonly Deployable[]): void {
  const resources: Record<string, unknown> = {};
  for (const { name, endpoints, hashes } of deployables) {
    const events =
      name === 'all'
        ? [
            [
              'Any',
              { Type: 'HttpApi', Properties: { ApiId: { Ref: 'Api' }, Method: 'ANY', Path: '/{proxy+}' } },
            ],
          ]
        : endpoints.flatMap(({ method, path }) =>
            toMethods(method).map((each) => [
              `On${each}`,
              {
                Type: 'HttpApi',
                Properties: {
                  ApiId: { Ref: 'Api' },
                  Method: each,
                  Path: path.replace(/:(\w+)[^/]*/g, '{$1}'),
                },
              },
            ]),
          );
    resources[toSlug(name).replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())] = {
      Type: 'AWS::Serverless::Function',
      Properties: {
        // A folder: `sam deploy` packs it.
        CodeUri: `${toSlug(name)}/`,
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        // The share of a CPU comes with the memory: at less a hash takes seconds.
        MemorySize: hashes ? 1024 : 256,
        Timeout: 10,
        Events: Object.fromEntries(events),
      },
    };
  }
  const names = ['PUBLIC_URL', 'DATABASE_URL', 'UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'];
  const parameters = [...names, 'JWT_PRIVATE_KEYS', 'TOKEN_SECRET'];
  const toParameter = (name: string) =>
    name.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  write(join(out, 'template.json'), {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Parameters: Object.fromEntries(
      parameters.map((name) => [
        toParameter(name),
        { Type: 'String', ...(name !== 'PUBLIC_URL' && { NoEcho: true }) },
      ]),
    ),
    Globals: {
      Function: {
        Environment: {
          Variables: Object.fromEntries(parameters.map((name) => [name, { Ref: toParameter(name) }])),
        },
      },
    },
    Resources: { Api: { Type: 'AWS::Serverless::HttpApi' }, ...resources },
  });
}

function writeVercel(out: string, deployables: readonly Deployable[]): void {
  for (const { hashes, file } of deployables) {
    write(join(dirname(file), '.vc-config.json'), {
      runtime: 'nodejs24.x',
      handler: 'index.mjs',
      launcherType: 'Nodejs',
      shouldAddHelpers: false,
      supportsResponseStreaming: true,
      maxDuration: 10,
      memory: hashes ? 1769 : 1024,
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
  // Another method at a known path is refused by its first function (405), an unknown path by the very first (404).
  const others = together ? [] : routes.map(({ src, dest }) => ({ src, dest }));
  const last = { src: '^/.*$', dest: `/${together?.name ?? deployables[0]?.name ?? ''}` };
  const crons = toScheduledPaths(deployables).map((path) => ({ path, schedule: everyMinute }));
  write(join(out, '.vercel/output/config.json'), {
    version: 3,
    routes: [...routes, ...others, last],
    ...(crons.length > 0 && { crons }),
  });
}

function writeNetlify(out: string, deployables: readonly Deployable[]): void {
  for (const { name, endpoints, file } of deployables) {
    const [endpoint] = endpoints;
    const config = {
      name: toSlug(name),
      generator: 'blockbot',
      nodeBundler: 'none',
      includedFiles: ['**'],
      ...(name === 'all' || !endpoint
        ? { path: '/*' }
        : {
            path: endpoint.path.replace(/\{[^}]*\}/g, ''),
            method: [...toMethods(endpoint.method), 'OPTIONS'],
          }),
    };
    // The build reads it out of the text, so it stands there as it is.
    writeFileSync(file, `${readFileSync(file, 'utf8')}export const config = ${JSON.stringify(config)};\n`);
  }
  for (const path of toScheduledPaths(deployables)) {
    const name = `scheduled${path.replaceAll('/', '-')}`;
    write(join(out, `.netlify/v1/functions/${name}/${name}.mjs`), toNetlifySchedule(path, name));
  }
  write(join(out, 'netlify.toml'), '[build]\n  command = ""\n  publish = "public"\n');
  write(join(out, 'public/.gitkeep'), '');
}

/** A function that is scheduled has no address on Netlify, so that this one asks the one that has. */
function toNetlifySchedule(path: string, name: string): string {
  const config = { name, generator: 'blockbot', nodeBundler: 'none', schedule: everyMinute };
  return `export default async () => {
  const { PUBLIC_URL, CRON_SECRET } = process.env;
  const headers = { Authorization: 'Bearer ' + CRON_SECRET };
  const response = await fetch(new URL('${path}', PUBLIC_URL), { method: 'POST', headers });
  if (!response.ok) throw new Error('${path} was answered ' + response.status);
};
export const config = ${JSON.stringify(config)};
`;
}

const everyMinute = '* * * * *';
const isScheduled = ({ caller }: Route) => caller === 'scheduler';
const toScheduledPaths = (deployables: readonly Deployable[]) =>
  deployables.flatMap(({ endpoints }) => endpoints.filter(isScheduled).map(({ path }) => path));

function writeEach(writeOne: (folder: string) => void): Writer {
  return (_, deployables) => {
    for (const { file } of deployables) writeOne(dirname(file));
  };
}

const toMethods = (method: string) => (method === 'GET' ? ['GET', 'HEAD'] : [method]);

/** `/v1/sessions/:id` -> `^/v1/sessions/[^/]+$` */
function toPattern(path: string): string {
  return `^${path.replace(/[.+*?^$()[\]|\\]/g, '\\$&').replace(/:\w+(?:\{[^}]*\})?/g, '[^/]+')}$`;
}

const relative = (out: string, file: string) => file.slice(out.length + 1);

function write(file: string, content: object | string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
}
