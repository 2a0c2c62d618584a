/** The fields of a body, as the page lists them. */
import type { JsonSchema, OpenApiDocument, Operation } from '../../../contract/openapi.ts';
import * as copy from '../../../lib/pages/docs-copy.ts';

export interface ListedField {
  readonly name: string;
  readonly takes: string;
  readonly note: string;
}

/** Of a body that may be one of two, those of both. */
export function listFields({ requestBody }: Operation, document: OpenApiDocument): readonly ListedField[] {
  const [content] = Object.values(requestBody?.content ?? {});
  if (!content) return [];
  const kinds = (content.schema['oneOf'] ?? [content.schema]) as readonly ObjectSchema[];
  const names = [...new Set(kinds.flatMap(({ properties }) => Object.keys(properties)))];
  return names.map((name) => {
    const having = kinds.filter(({ properties }) => name in properties);
    const isRequired = kinds.every(({ required = [] }) => required.includes(name));
    const isEither = having.some(({ required = [] }) => required.includes(name));
    return toField(name, having[0]?.properties[name] ?? {}, {
      document,
      need: isRequired ? copy.required : isEither ? copy.either : copy.optional,
    });
  });
}

/** What each way of a body that has several needs; nothing where there is one way. */
export function listWays({ requestBody }: Operation): readonly (readonly string[])[] {
  const [content] = Object.values(requestBody?.content ?? {});
  const kinds = (content?.schema['oneOf'] ?? []) as readonly ObjectSchema[];
  return kinds.map(({ required = [] }) =>
    required.filter((name) => !kinds.every((kind) => kind.required?.includes(name))),
  );
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

function toField(
  name: string,
  schema: JsonSchema,
  { document, need }: { readonly document: OpenApiDocument; readonly need: string },
): ListedField {
  const kinds = (schema['anyOf'] ?? [schema]) as readonly JsonSchema[];
  const [first = {}, ...others] = kinds.map((kind) => resolve(kind, document));
  const {
    minLength,
    maxLength,
    description = '',
  } = first as {
    readonly minLength?: number;
    readonly maxLength?: number;
    readonly description?: string;
  };
  const type = [first, ...others].map((kind) => copy.types[String(kind['type'])] ?? String(kind['type']));
  const length = maxLength === undefined ? [] : [copy.length(minLength ?? 0, maxLength)];
  const values = toValues(first).map((value) => `\`${String(value)}\``);
  const note = values.length === 0 ? description : [copy.values(values), description].join(' ').trim();
  return { name, takes: [type.join(` ${copy.or} `), ...length, need].join(', '), note };
}

function toValues(schema: JsonSchema): readonly unknown[] {
  const { const: only, enum: several = only === undefined ? [] : [only] } = schema;
  return several as readonly unknown[];
}

function resolve(schema: JsonSchema, { components }: OpenApiDocument): JsonSchema {
  const { $ref } = schema;
  return typeof $ref === 'string'
    ? (components.schemas[$ref.replace('#/components/schemas/', '')] ?? {})
    : schema;
}
