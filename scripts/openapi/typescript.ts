/** JSON Schema, as far as our document uses it, in TypeScript. */
import type { JsonSchema } from '../../contract/openapi.ts';

interface TypeOptions {
  /** Of the line that the type begins in. */
  readonly indent?: string;
  /** Whether it is sent: then what may be left out may be undefined, too. */
  readonly input?: boolean;
}

/** @throws {Error} for what no schema of ours has had so far */
export function toType(schema: JsonSchema, options: TypeOptions = {}): string {
  const { $ref, oneOf, anyOf, enum: values, type } = schema as Known;
  if ($ref !== undefined) return $ref.slice($ref.lastIndexOf('/') + 1);
  const either = oneOf ?? anyOf;
  if (either) return either.map((one) => toType(one, options)).join(' | ');
  if ('const' in schema) return toLiteral(schema.const);
  if (values) return values.map(toLiteral).join(' | ');
  if (typeof type === 'object')
    return type.map((one) => toType({ ...schema, type: one }, options)).join(' | ');
  if (type === 'array') return toArray(schema, options);
  if (type === 'object') return toObject(schema, options);
  const primitive = type === undefined ? 'unknown' : primitives[type];
  if (primitive === undefined) throw new Error(`there is no type for ${JSON.stringify(schema)}`);
  return primitive;
}

interface Known {
  readonly $ref?: string;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

const primitives: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

const toLiteral = (value: unknown) =>
  typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : JSON.stringify(value);

function toArray(schema: JsonSchema, options: TypeOptions): string {
  const { items = {} } = schema as Known;
  const type = toType(items, options);
  return type.includes(' | ') && !type.startsWith('{') ? `(${type})[]` : `${type}[]`;
}

function toObject(schema: JsonSchema, options: TypeOptions): string {
  const { indent = '', input = false } = options;
  const { properties = {}, required = [], additionalProperties } = schema as Known;
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, own]) => {
    const key = /^[a-z_]\w*$/i.test(name) ? name : `'${name}'`;
    const isRequired = required.includes(name);
    const type = toType(own, { ...options, indent: inner });
    return `${toComment(own, inner)}${inner}${key}${isRequired ? '' : '?'}: ${type}${input && !isRequired ? ' | undefined' : ''};\n`;
  });
  if (typeof additionalProperties !== 'object') {
    return lines.length === 0 ? 'Record<string, never>' : `{\n${lines.join('')}${indent}}`;
  }
  const others = `Record<string, ${toType(additionalProperties, options)}>`;
  return lines.length === 0 ? others : `{\n${lines.join('')}${indent}} & ${others}`;
}

/** What the schema says of itself, above the line it is about. */
export function toComment({ description }: JsonSchema, indent = ''): string {
  if (typeof description !== 'string' || description === '') return '';
  return `${indent}/** ${description.replace(/\s+/g, ' ').replaceAll('*/', '*\\/')} */\n`;
}
