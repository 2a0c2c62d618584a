/** What a route refuses, as responses: one for each status, of the problems that come with it (RFC 9457). */
import { callerNamesOf } from '../../contract/caller-names.ts';
import type { JsonSchema, OpenApiResponse, Reference } from '../../contract/openapi.ts';
import { type ProblemSlug, problems } from '../../lib/core/problem.ts';
import { formMediaType } from '../../lib/http/form-body.ts';
import type { BodyShape, RouteRules } from '../../lib/http/guard.ts';
import type { ServiceName } from '../../lib/http/services.ts';
import { type Examples, examplesOf } from './examples.ts';
import { toHeaders } from './headers.ts';
import { addComponent, type Components } from './json-schema.ts';

const problemType = 'application/problem+json';

/** What a guard refuses by itself, and what any handler with these services may be unable to do. */
export function toOwnProblems(rules: RouteRules, services: ReadonlySet<ServiceName>): readonly ProblemSlug[] {
  const { body, permission, freshness, idempotency } = rules;
  const callers = callerNamesOf(rules);
  return [
    ...(body ? (['malformed-request', 'content-too-large', 'unsupported-media-type'] as const) : []),
    ...(body && !isTokenRequest(body) ? (['invalid-input'] as const) : []),
    ...(callers.includes('user') || callers.includes('anyoneOrUser')
      ? (['authentication-required', 'access-token-invalid', 'access-token-stale'] as const)
      : []),
    ...(callers.includes('apiKey')
      ? (['authentication-required', 'api-key-invalid', 'api-key-expired'] as const)
      : []),
    ...(permission ? (['permission-denied'] as const) : []),
    ...(freshness ? (['reauthentication-required'] as const) : []),
    ...(callers.includes('scheduler') ? (['authentication-required'] as const) : []),
    ...(callers.includes('ownApp') ? (['cross-site-request'] as const) : []),
    'internal-error',
    ...(services.has('passwords') ? (['overloaded'] as const) : []),
    ...(services.has('database') ? (['service-unavailable'] as const) : []),
    ...(idempotency ? idempotencyProblems : []),
  ];
}

const idempotencyProblems = [
  'idempotency-key-required',
  'idempotency-key-in-use',
  'idempotency-key-spent',
  'idempotency-key-reused',
  'service-unavailable',
] as const;

/** Refuses its fields as OAuth has it (`token-request.ts`); no other form is one of an API. */
const isTokenRequest = ({ mediaType }: BodyShape) => mediaType === formMediaType;

interface Surroundings {
  readonly isLimited: boolean;
  readonly examples: Examples['responses'];
  readonly components: Components;
}

/** By status. */
export function toProblemResponses(
  slugs: readonly ProblemSlug[],
  surroundings: Surroundings,
): Readonly<Record<string, OpenApiResponse | Reference>> {
  const catalogue = Object.keys(problems) as ProblemSlug[];
  const known = catalogue.filter((slug) => slugs.includes(slug));
  const statuses = [...new Set(known.map((slug) => problems[slug].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const here = known.filter((slug) => problems[slug].status === status);
      return [status, toResponse(status, here, surroundings)];
    }),
  );
}

/** Another refusal of the same status has none. */
const missingPermission = {
  description: 'The permission that is missing, as `scope` (RFC 6750, section 3.1)',
  required: false,
  schema: { type: 'string' },
};

/** One without examples is the same wherever it comes, and stands among the components. */
function toResponse(
  status: number,
  slugs: readonly ProblemSlug[],
  { isLimited, examples, components }: Surroundings,
): OpenApiResponse | Reference {
  const { [status]: own } = examples;
  const content = { schema: toSchema(slugs, components), ...examplesOf(own ?? {}, true) };
  // Of a token endpoint, to clients of OAuth (`refuseAsJson`).
  const isOauth = slugs.some((slug) => oauthErrors[slug]);
  const mediaTypes = isOauth ? [problemType, 'application/json'] : [problemType];
  const response = {
    description: slugs.map((slug) => problems[slug].title).join('; or: '),
    headers: {
      ...toHeaders({ isLimited, status }),
      ...(slugs.includes('permission-denied') && { 'WWW-Authenticate': missingPermission }),
    },
    content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, content])),
  };
  if (own) return response;
  const name = slugs.map(toPascalCase).join('Or') + (isLimited ? '' : 'Unlimited');
  addComponent(components.responses, name, response);
  return { $ref: `#/components/responses/${name}` };
}

function toSchema(slugs: readonly ProblemSlug[], { schemas }: Components): JsonSchema {
  const references = slugs.map((slug) => {
    const name = `${toPascalCase(slug)}Problem`;
    addComponent(schemas, name, toProblemSchema(slug));
    return { $ref: `#/components/schemas/${name}` };
  });
  const [only] = references;
  return references.length === 1 && only ? only : { oneOf: references };
}

const toPascalCase = (slug: string) =>
  slug
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

const oauthErrors: Partial<Record<ProblemSlug, string>> = {
  'grant-invalid': 'invalid_grant',
  'grant-type-unsupported': 'unsupported_grant_type',
  'scope-invalid': 'invalid_scope',
  'client-invalid': 'invalid_client',
};

/** Whole in itself, so that a generated client gets a union that it can tell apart. */
function toProblemSchema(slug: ProblemSlug): JsonSchema {
  const { status, title } = problems[slug];
  const oauthError = oauthErrors[slug];
  const more = {
    ...(oauthError && { error: { type: 'string', const: oauthError, description: 'RFC 6749, section 5.2' } }),
    ...(slug === 'invalid-input' && { errors: { type: 'array', minItems: 1, items: fieldError } }),
    ...(slug === 'quota-exceeded' && {
      'violated-policies': { type: 'array', minItems: 1, items: { type: 'string' } },
    }),
  };
  return {
    type: 'object',
    properties: {
      type: {
        type: 'string',
        format: 'uri-reference',
        pattern: `/problems/${slug}$`,
        description: 'Leads to a page that says what to do',
      },
      title: { type: 'string', const: title },
      status: { type: 'integer', const: status },
      detail: { type: 'string' },
      ...more,
      ...(slug === 'malformed-request' && atTokenEndpoint),
      request_id: { type: 'string', description: 'As in `X-Request-Id`: report it' },
    },
    required: ['type', 'title', 'status', ...Object.keys(more), 'request_id'],
    additionalProperties: false,
  };
}

const fieldError = {
  type: 'object',
  properties: {
    pointer: { type: 'string', description: 'The field, as a JSON Pointer in a URI fragment (RFC 6901)' },
    code: { type: 'string', description: 'Such as `required`, `unknown`, `type`, `too-short`, `invalid`' },
    detail: { type: 'string', description: 'A sentence for people' },
  },
  required: ['pointer', 'code', 'detail'],
  additionalProperties: false,
};

/** What a request for tokens is refused with beside what every other is. */
const atTokenEndpoint = {
  error: {
    type: 'string',
    const: 'invalid_request',
    description: 'At the token endpoint (RFC 6749, section 5.2)',
  },
  errors: { type: 'array', minItems: 1, items: fieldError },
};
