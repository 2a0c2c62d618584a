/** The document as the types that `client/` is written against, and what it has to know of routes at run time. */
import type { JsonSchema, OpenApiDocument, OpenApiParameter, Operation } from '../../contract/openapi.ts';
import { resolveResponse, slugsOf, toSlug } from './problem-slugs.ts';
import { toComment, toType } from './typescript.ts';

/** The text of `client/api.ts`; the same of the same document. */
export function toClientTypes(document: OpenApiDocument): string {
  const { components, paths } = document;
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const schemas = Object.entries(components.schemas);
  const shapes = schemas.filter(([, schema]) => toSlug(schema) === undefined);
  return `/** Made by \`npm run openapi\` of openapi.json: every route, shape and problem of the API. Long because nobody writes it. */

${shapes.map(([name, schema]) => toShape(name, schema)).join('\n\n')}

/** Every problem that a route tells of, by its slug. */
export interface Problems {
${toProblems(schemas.map(([, schema]) => schema))}
}

/** Every route, by its method and its path. */
export interface Routes {
${toRoutes(routes, document)}
}

/** Routes that want an access token. */
export const bearerRoutes: readonly string[] = ${toList(routes, ({ security }) => security.some((scheme) => 'accessToken' in scheme))};

/** Routes that take a form (application/x-www-form-urlencoded) and no JSON. */
export const formRoutes: readonly string[] = ${toList(routes, ({ requestBody }) => 'application/x-www-form-urlencoded' in (requestBody?.content ?? {}))};

/** Routes that answer a page and no JSON. */
export const pageRoutes: readonly string[] = ${toList(routes, answersPage)};

/** Routes that take the device token of an earlier sign-in. */
export const deviceTokenRoutes: readonly string[] = ${toList(routes, (operation) => takes(operation, 'device_token'))};

/** Routes that take the binding of a request before. */
export const bindingRoutes = ${toList(routes, (operation) => takes(operation, 'binding'))} as const;
`;
}

function toShape(name: string, schema: JsonSchema): string {
  const type = toType(schema);
  const isObject = type.startsWith('{') && type.endsWith('}');
  return `${toComment(schema)}export ${isObject ? `interface ${name} ${type}` : `type ${name} = ${type};`}`;
}

interface Route {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function toProblems(schemas: readonly JsonSchema[]): string {
  return schemas
    .flatMap((schema) => {
      const slug = toSlug(schema);
      return slug === undefined ? [] : [`  '${slug}': ${toType(schema, { indent: '  ' })};`];
    })
    .join('\n');
}

function toRoutes(routes: readonly Route[], document: OpenApiDocument): string {
  return [...new Set(routes.map(({ method }) => method))]
    .sort()
    .map((method) => {
      const own = routes.filter((route) => route.method === method);
      const lines = own.map(({ path, operation }) => toRoute(path, operation, document));
      return `  ${method}: {\n${lines.join('\n')}\n  };`;
    })
    .join('\n');
}

function toRoute(path: string, operation: Operation, document: OpenApiDocument): string {
  const { summary, description, requestBody, responses } = operation;
  const indent = '      ';
  const [body] = Object.values(requestBody?.content ?? {});
  const lines = [
    ...toParameters(operation.parameters ?? [], indent),
    ...(body ? [`body: ${toType(body.schema, { indent, input: true })};`] : []),
    `answers: {\n${toAnswers(responses, document, `${indent}  `)}\n${indent}};`,
    `problems: ${slugsOf(operation, document)
      .map((slug) => `'${slug}'`)
      .join(' | ')};`,
  ];
  const comment = toComment({ description: `${summary}. ${description}` }, '    ');
  return `${comment}    '${path}': {\n${lines.map((line) => `${indent}${line}\n`).join('')}    };`;
}

const places = { path: 'path', query: 'query', header: 'headers' } as const;

function toParameters(parameters: readonly OpenApiParameter[], indent: string): string[] {
  return Object.entries(places).flatMap(([place, name]) => {
    const own = parameters.filter((parameter) => parameter.in === place);
    if (own.length === 0) return [];
    const required = own.filter((parameter) => parameter.required);
    const schema = {
      type: 'object',
      properties: Object.fromEntries(own.map((parameter) => [parameter.name, parameter.schema])),
      required: required.map((parameter) => parameter.name),
    };
    return [`${name}${required.length > 0 ? '' : '?'}: ${toType(schema, { indent, input: true })};`];
  });
}

/** What is no problem, by its status: what a body has, or that there is none. */
function toAnswers(responses: Operation['responses'], document: OpenApiDocument, indent: string): string {
  return Object.entries(responses)
    .flatMap(([status, response]) => {
      const { content } = resolveResponse(response, document);
      const entries = Object.entries(content ?? {});
      if (entries.some(([mediaType]) => mediaType === 'application/problem+json')) return [];
      const [own] = entries.map(([, { schema }]) => schema);
      return [`${indent}${status}: ${own ? toType(own, { indent }) : 'undefined'};`];
    })
    .join('\n');
}

function toList(routes: readonly Route[], isIn: (operation: Operation) => boolean): string {
  const names = routes.filter(({ operation }) => isIn(operation));
  const lines = names.map(({ method, path }) => `  '${method} ${path}',\n`);
  return lines.length === 0 ? '[]' : `[\n${lines.join('')}]`;
}

function answersPage({ responses }: Operation): boolean {
  return Object.values(responses).some(
    (response) => !('$ref' in response) && 'text/html' in (response.content ?? {}),
  );
}

function takes({ requestBody }: Operation, field: string): boolean {
  return Object.values(requestBody?.content ?? {}).some(({ schema }) => {
    const { properties, oneOf = [] } = schema as { properties?: object; oneOf?: { properties?: object }[] };
    return [{ properties }, ...oneOf].some((shape) => field in (shape.properties ?? {}));
  });
}
