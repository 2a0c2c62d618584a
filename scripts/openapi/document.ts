/** The whole document (OpenAPI 3.1), made of what the routes are; the same of the same sources. */
import type { Answers } from '../../contract/answers.ts';
import { areas } from '../../contract/areas.ts';
import type { OpenApiDocument, Operation } from '../../contract/openapi.ts';
import { brand } from '../../lib/core/brand.ts';
import { type FunctionApp, servicesOf } from '../../lib/http/function.ts';
import { rulesOf } from '../../lib/http/guard.ts';
import { type Examples, noExamples } from './examples.ts';
import { headerComponents } from './headers.ts';
import type { Components } from './json-schema.ts';
import { type DescribedRoute, toArea, toOperation } from './operation.ts';

export interface DocumentSources {
  readonly functions: ReadonlyMap<string, FunctionApp>;
  readonly answers: ReadonlyMap<string, Answers>;
  readonly examples: Readonly<Record<string, Examples>>;
  readonly commentOf: (name: string) => string;
  readonly version: string;
}

const description = `What the accounts of this deployment can be done with over HTTP. JSON in, JSON out, snake_case; ids are UUIDs, times RFC 3339 in UTC.

A body is UTF-8 JSON of at most 64 kB, and a field that is not listed is refused. An answer may get more fields in a later version: ignore what you do not know.

Every refusal is a problem (RFC 9457): its \`type\` ends in a slug that never changes and leads to a page that says what to do. Any route may also be answered 404 or 405 by another method, and a malformed, slow or oversized request 400, 408, 417 or 431 before any route sees it.

\`HEAD\` is answered like \`GET\`.`;

export function createDocument(sources: DocumentSources): OpenApiDocument {
  const components: Components = { schemas: new Map(), responses: new Map() };
  const operations = [...sources.answers.keys()].map((name) => {
    const route = describe(name, sources);
    return { ...route, operation: toOperation(route, components) };
  });
  const tags = Object.keys(areas);
  for (const { name } of operations) if (!tags.includes(toArea(name))) tags.push(toArea(name));
  return {
    openapi: '3.1.1',
    info: {
      title: brand.name,
      version: sources.version,
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: tags
      .filter((tag) => operations.some(({ name }) => toArea(name) === tag))
      .map((name) => ({ name, ...(areas[name] && { description: areas[name].description }) })),
    paths: toPaths(operations),
    components: {
      securitySchemes,
      headers: headerComponents,
      responses: toSorted(components.responses),
      schemas: toSorted(components.schemas),
    },
  };
}

function toSorted<Component>(
  components: ReadonlyMap<string, Component>,
): Readonly<Record<string, Component>> {
  return Object.fromEntries([...components].sort(([one], [other]) => (one < other ? -1 : 1)));
}

const securitySchemes = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `access_token` of a sign-in or a refresh (RFC 6750)',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, `bbk_...` (RFC 6750)',
  },
  browserSession: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-session',
    description: 'The cookies of our pages, sent by a browser for an app of `COOKIE_ORIGINS`',
  },
  cronSecret: {
    type: 'http',
    scheme: 'bearer',
    description: '`CRON_SECRET`, which only the scheduler of the deployment knows',
  },
};

interface RouteOperation extends DescribedRoute {
  readonly method: string;
  readonly operation: Operation;
}

/** @throws {Error} when there is no guarded route; the build says so with more words */
function describe(name: string, { functions, answers, examples, commentOf }: DocumentSources) {
  const app = functions.get(name);
  const own = answers.get(name);
  const [route] = app?.routes ?? [];
  const rules = app?.routes.map(({ handler }) => rulesOf(handler)).find((found) => found !== undefined);
  if (!app || !own || !route || !rules) throw new Error(`${name} has no guarded route`);
  return {
    name,
    path: route.path,
    method: route.method,
    rules,
    services: servicesOf(app),
    answers: own,
    description: commentOf(name),
    examples: examples[name] ?? noExamples,
  };
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function toPaths(routes: readonly RouteOperation[]): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, Operation>> = {};
  const ordered = routes.toSorted(
    (one, other) =>
      (one.path < other.path ? -1 : one.path > other.path ? 1 : 0) ||
      methods.indexOf(one.method) - methods.indexOf(other.method),
  );
  for (const { path, method, operation } of ordered) {
    const template = path.replace(/:([a-z_]+)/g, '{$1}');
    paths[template] = { ...paths[template], [method.toLowerCase()]: operation };
  }
  return paths;
}
