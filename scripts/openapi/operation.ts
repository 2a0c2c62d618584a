/** A route as an operation of the document. */
import type { Answer, Answers } from '../../contract/answers.ts';
import { callerNamesOf } from '../../contract/caller-names.ts';
import type {
  Content,
  OpenApiParameter,
  OpenApiResponse,
  Operation,
  RateLimitPolicy,
} from '../../contract/openapi.ts';
import type { RouteRules } from '../../lib/http/guard.ts';
import type { ServiceName } from '../../lib/http/services.ts';
import type { Policy } from '../../lib/rate-limit/store.ts';
import { type Examples, examplesOf } from './examples.ts';
import { toHeaders } from './headers.ts';
import { type Components, toAnswerSchema, toInputSchema } from './json-schema.ts';
import { toOwnProblems, toProblemResponses } from './problem-responses.ts';

/** All that an operation is made of. */
export interface DescribedRoute {
  /** `area/verb`. */
  readonly name: string;
  readonly path: string;
  readonly rules: RouteRules;
  readonly services: ReadonlySet<ServiceName>;
  readonly answers: Answers;
  /** The first comment of the route's file. */
  readonly description: string;
  readonly examples: Examples;
}

export function toOperation(route: DescribedRoute, components: Components): Operation {
  const { name, rules, answers, description } = route;
  const parameters = toParameters(route);
  const requestBody = toRequestBody(route, components);
  return {
    operationId: toCamelCase(name),
    tags: [toArea(name)],
    summary: answers.summary,
    description,
    security: toSecurity(rules, answers),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: toResponses(route, components),
    'x-ratelimit-policies': policiesOf(route).map(toPolicy),
  };
}

/** Those of its guard, and those that its handler counts against. */
const policiesOf = ({ rules, answers: { policies = [] } }: DescribedRoute): readonly Policy[] => [
  ...rules.limits.policies,
  ...policies,
];

export const toArea = (name: string) => name.split('/')[0] ?? name;

const toCamelCase = (name: string) =>
  name.replace(/[/-]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/**
 * With permissions as roles, as OpenAPI has it for schemes that know no scopes. Cookies are optional where a browser without them
 * is not refused: an empty scheme says so (OpenAPI 3.1.0, section 4.8.10.1).
 */
function toSecurity(rules: RouteRules, { problems = [] }: Answers): Operation['security'] {
  const roles = [rules.permission, rules.membership].filter((demanded) => demanded !== undefined);
  return callerNamesOf(rules).flatMap((caller): Operation['security'] => {
    if (caller === 'user') return [{ accessToken: roles }];
    if (caller === 'anyoneOrUser') return [{}, { accessToken: [] }];
    if (caller === 'gate') return [{ accessToken: [] }, { apiKey: [] }, { browserSession: [] }];
    if (caller === 'apiKey') return [{ apiKey: roles }];
    if (caller === 'ownApp') {
      return [{ browserSession: [] }, ...(problems.includes('authentication-required') ? [] : [{}])];
    }
    return caller === 'scheduler' ? [{ cronSecret: [] }] : [];
  });
}

function toParameters({ path, answers, rules }: DescribedRoute): readonly OpenApiParameter[] {
  const inPath = [...path.matchAll(/:([a-z_]+)/g)].map(([, name = '']) => ({
    name,
    in: 'path' as const,
    required: true,
    schema:
      name === 'id' || name.endsWith('_id')
        ? { type: 'string', format: 'uuid' }
        : { type: 'string', minLength: 1 },
  }));
  const inQuery = Object.entries(answers.query ?? {}).map(([name, { description, schema, required }]) => ({
    name,
    in: 'query' as const,
    required: required ?? false,
    description,
    schema,
  }));
  const inHeader = Object.entries(answers.requestHeaders ?? {}).map(([name, description]) => ({
    name,
    in: 'header' as const,
    required: false,
    description,
    schema: { type: 'string' },
  }));
  return [...inPath, ...inQuery, ...inHeader, ...(rules.idempotency ? [idempotencyKey] : [])];
}

const idempotencyKey: OpenApiParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'A text in quotes, made anew for each thing to be done, such as a UUID, and the same when it is repeated (draft-ietf-httpapi-idempotency-key-header-07)',
  schema: { type: 'string', pattern: '^"([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}"$' },
};

function toRequestBody({ rules, examples }: DescribedRoute, components: Components) {
  if (!rules.body) return undefined;
  const { schema, mediaType } = rules.body;
  const content: Content = { schema: toInputSchema(schema, components), ...examplesOf(examples.requests) };
  return { required: true as const, content: { [mediaType]: content } };
}

function toResponses(route: DescribedRoute, components: Components): Operation['responses'] {
  const { rules, services, answers, examples } = route;
  const isLimited = policiesOf(route).length > 0;
  const slugs = [
    ...toOwnProblems(rules, services),
    ...(isLimited ? (['quota-exceeded'] as const) : []),
    ...(answers.problems ?? []),
  ];
  const refused = toProblemResponses(slugs, { isLimited, examples: examples.responses, components });
  const answered = Object.entries(answers.answers).map(([status, answer]) => {
    const own = examplesOf(examples.responses[status] ?? {});
    return [status, toResponse(Number(status), answer, { isLimited, examples: own, components })] as const;
  });
  // A key that is a number stands in the order of numbers, whenever it was added.
  return { ...refused, ...Object.fromEntries(answered) };
}

interface Surroundings {
  readonly isLimited: boolean;
  readonly examples: Pick<Content, 'example' | 'examples'>;
  readonly components: Components;
}

function toResponse(
  status: number,
  { description, body, mediaType = 'application/json', alternatives = {}, headers: own = {} }: Answer,
  { isLimited, examples, components }: Surroundings,
): OpenApiResponse {
  const others = Object.entries(alternatives).map(
    ([name, schema]) => [name, { schema: toAnswerSchema(schema, components) }] as const,
  );
  return {
    description,
    headers: toHeaders({ isLimited, status, own }),
    ...(body && {
      content: {
        [mediaType]: { schema: toAnswerSchema(body, components), ...examples },
        ...Object.fromEntries(others),
      },
    }),
  };
}

function toPolicy({ name, limit, windowMs, keyedBy, counts, silent }: Policy): RateLimitPolicy {
  return {
    name,
    limit,
    window: Math.ceil(windowMs / 1000),
    keyedBy,
    counts: counts ?? 'everything',
    silent: silent ?? false,
  };
}
