/** Bodies made of the document's own schemas: of the schema, and bent in one place so that they are not. */
import fc from 'fast-check';
import { compile } from '../../contract/conformance.ts';
import { document } from '../../contract/document.ts';
import type { JsonSchema } from '../../contract/openapi.ts';

/**
 * What no schema can tell, which origins this deployment allows and which passwords others would try first; and addresses,
 * whose pattern looks ahead.
 */
const told: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  Email: fc.emailAddress().filter((address) => compile('#/components/schemas/Email')(address)),
  RedirectTo: fc.webPath({ size: 'small' }).map((path) => `https://app.example.com${path}`),
  AppRedirect: fc.webPath({ size: 'small' }).map((path) => `https://app.example.com${path}`),
  NewPassword: fc.string({ unit: 'binary', maxLength: 100 }).map((text) => {
    const taken = text.replaceAll('\0', '').slice(0, 200);
    return `${taken.isWellFormed() ? taken : ''}, that nobody else would try`;
  }),
};

export function toArbitrary(schema: JsonSchema): fc.Arbitrary<unknown> {
  const name = toName(schema);
  if (name !== undefined) return told[name] ?? toArbitrary(resolve(schema));
  const alternatives = (schema['oneOf'] ?? schema['anyOf']) as readonly JsonSchema[] | undefined;
  if (alternatives) return fc.oneof(...alternatives.map(toArbitrary));
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom<unknown>(...schema['enum']);
  switch (schema['type']) {
    case 'object':
      return toObject(schema);
    case 'string':
      return toText(schema);
    case 'integer':
      return fc.integer({ min: Number(schema['minimum']), max: Number(schema['maximum']) });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return toList(schema);
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`no bodies are made of ${JSON.stringify(schema)} yet`);
  }
}

function toObject(schema: JsonSchema): fc.Arbitrary<Record<string, unknown>> {
  const {
    properties,
    required = [],
    dependentRequired = {},
  } = schema as {
    readonly properties: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
    readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  };
  const members = Object.entries(properties).map(([name, member]) => [name, toArbitrary(member)] as const);
  const record = fc.record(Object.fromEntries(members), { requiredKeys: [...required] }) as fc.Arbitrary<
    Record<string, unknown>
  >;
  return record.map((body) => withoutDependents(body, dependentRequired));
}

function toList(schema: JsonSchema): fc.Arbitrary<readonly unknown[]> {
  const { items, minItems, maxItems } = schema as {
    readonly items: JsonSchema;
    readonly minItems: number;
    readonly maxItems: number;
  };
  return fc.array(toArbitrary(items), { minLength: minItems, maxLength: Math.min(maxItems, 5) });
}

/** Leaves out what needs another member that is not there, and what needs that. */
function withoutDependents(
  body: Readonly<Record<string, unknown>>,
  needs: Readonly<Record<string, readonly string[]>>,
): Record<string, unknown> {
  const kept = Object.entries(body).filter(([name]) => needs[name]?.every((other) => other in body) ?? true);
  const rest = Object.fromEntries(kept);
  return kept.length === Object.keys(body).length ? rest : withoutDependents(rest, needs);
}

/** Lengths are counted as the document says in words: in UTF-16 code units. */
function toText(schema: JsonSchema): fc.Arbitrary<string> {
  const {
    pattern,
    minLength = 0,
    maxLength = 300,
  } = schema as {
    readonly pattern?: string;
    readonly minLength?: number;
    readonly maxLength?: number;
  };
  const texts =
    pattern === undefined
      ? fc.string({ unit: 'binary', maxLength: Math.floor(maxLength / 2) })
      : fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' });
  return texts.filter((text) => text.length >= minLength && text.length <= maxLength);
}

/** One change to a body of the schema; whether that makes it another one, the schema has to say. */
export function bend(body: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const names = Object.keys(body);
  const wrong = fc.constantFrom<unknown>(
    7,
    true,
    [],
    {},
    '',
    ' ',
    '\0',
    '\u202e',
    'x'.repeat(3000),
    'é'.repeat(43),
  );
  const other = fc.constantFrom<unknown>(null, 7, 'text', [], [body], true);
  const surplus = fc.string({ minLength: 1, maxLength: 20 }).map((name) => ({ ...body, [name]: 1 }));
  if (names.length === 0) return fc.oneof(other, surplus);
  const field = fc.constantFrom(...names);
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(field, wrong).map(([name, value]) => ({ ...body, [name]: value })) },
    { weight: 2, arbitrary: field.map((name) => ({ ...body, [name]: undefined })) },
    { weight: 2, arbitrary: surplus },
    { weight: 1, arbitrary: other },
  );
}

function toName(schema: JsonSchema): string | undefined {
  const { $ref } = schema;
  return typeof $ref === 'string' ? $ref.replace('#/components/schemas/', '') : undefined;
}

function resolve(schema: JsonSchema): JsonSchema {
  const named = document.components.schemas[toName(schema) ?? ''];
  if (!named) throw new Error(`openapi.json has no ${JSON.stringify(schema)}`);
  return named;
}
