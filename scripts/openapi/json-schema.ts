/** zod's schemas as JSON Schema 2020-12, the shapes that have an id among the components. */
import * as z from 'zod/mini';
import type { JsonSchema, OpenApiResponse } from '../../contract/openapi.ts';
import { verificationFields } from '../../lib/http/presented-verification.ts';
import { inputFields } from './input-fields.ts';

/** What a format says by itself; zod's own patterns beside it are long. */
const formats = new Set(['date-time', 'uuid']);

/** What more than one operation refers to is collected here, by name. */
export interface Components {
  readonly schemas: Map<string, JsonSchema>;
  readonly responses: Map<string, OpenApiResponse>;
}

/** What an answer has. Its named shapes are put among the components. */
export function toAnswerSchema(schema: z.ZodMiniType, components: Components): JsonSchema {
  return convert(schema, { io: 'output', metadata: z.globalRegistry }, components);
}

/** What a body may have. */
export function toInputSchema(schema: z.ZodMiniType, components: Components): JsonSchema {
  return convert(schema, { io: 'input', metadata: inputFields }, components);
}

type Options = Parameters<typeof z.toJSONSchema>[1];

function convert(schema: z.ZodMiniType, options: Options, components: Components): JsonSchema {
  const { $schema, $defs, ...own } = z.toJSONSchema(schema, {
    ...options,
    unrepresentable: 'throw',
    override: ({ jsonSchema }) => {
      if (options?.io === 'output' && formats.has(String(jsonSchema.format))) delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (isVerification(jsonSchema.properties)) splitVerification(jsonSchema);
    },
  });
  for (const [name, { id, ...shape }] of Object.entries($defs ?? {})) {
    addComponent(components.schemas, name, renameReferences(shape));
  }
  return withDependencies(renameReferences(own));
}

/** What `toAppRequest` holds a body to after its fields: a code goes nowhere without an address, and to no app without a challenge. */
function withDependencies(schema: JsonSchema): JsonSchema {
  const { properties } = schema as { readonly properties?: Readonly<Record<string, JsonSchema>> };
  if (!properties?.['code_challenge']) return schema;
  const isForAppsOnly = JSON.stringify(properties['redirect_to']).includes('AppRedirect');
  const dependentRequired = {
    code_challenge: ['redirect_to'],
    code_challenge_method: ['code_challenge'],
    state: ['code_challenge'],
    ...(isForAppsOnly && { redirect_to: ['code_challenge'] }),
  };
  return { ...schema, dependentRequired };
}

/** @throws {Error} for a name that stands for another one already */
export function addComponent<Component>(known: Map<string, Component>, name: string, added: Component): void {
  const there = known.get(name) ?? added;
  if (JSON.stringify(there) !== JSON.stringify(added)) throw new Error(`two components are called ${name}`);
  known.set(name, added);
}

const isVerification = (properties: object = {}) =>
  Object.keys(verificationFields).every((name) => name in properties);

type MutableSchema = z.core.JSONSchema.BaseSchema;

/** What `presented` holds a body to after its fields: it has the token, or the email with the code and the binding. */
function splitVerification(schema: MutableSchema): void {
  const { properties = {}, required = [] } = schema;
  const { token, email, code, ...others } = properties;
  const either = (own: MutableSchema['properties'], ...needed: string[]): MutableSchema => ({
    type: 'object',
    properties: { ...own, ...others },
    required: [...needed, ...required],
    additionalProperties: false,
  });
  delete schema.type;
  delete schema.properties;
  delete schema.required;
  delete schema.additionalProperties;
  const byLink = token && either({ token }, 'token');
  const byCode = email && code && either({ email, code }, 'email', 'code', 'binding');
  Object.assign(schema, { oneOf: [byLink, byCode] });
}

function renameReferences(schema: object): JsonSchema {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as JsonSchema;
}
