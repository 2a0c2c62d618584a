/**
 * How values go to Postgres and come back, as text. postgres.js 3.4.9 serializes the parameters of a statement a second
 * time when it prepares it anew (porsager/postgres#1197), which a change of the schema leads to: each serializer lets
 * pass what is serialized already.
 */
import { parseArrayLiteral, toArrayLiteral } from './array-literal.ts';

/** Object identifiers of the types: `select oid, typname from pg_type`. */
export const wireTypes = {
  boolean: {
    to: 16,
    from: [16],
    serialize: (value: boolean | string) => (value === true || value === 't' || value === 'true' ? 't' : 'f'),
    parse: (text: string) => text === 't',
  },
  bytes: {
    to: 17,
    from: [17],
    serialize: (value: Uint8Array | string) =>
      typeof value === 'string' ? value : `\\x${Buffer.from(value).toString('hex')}`,
    parse: (text: string) => Buffer.from(text.slice(2), 'hex'),
  },
  // JSON goes out as the text it already is: a SqlValue is never an object, and the library would quote it again.
  json: { to: 114, from: [114, 3802], serialize: String, parse: JSON.parse },
  date: {
    to: 1184,
    from: [1082, 1114, 1184],
    serialize: (value: Date | string) => (typeof value === 'string' ? value : value.toISOString()),
    parse: (text: string) => new Date(text),
  },
  textArray: { to: 1009, from: [1009], serialize: serializeArray, parse: parseArrayLiteral },
  uuidArray: { to: 2951, from: [2951], serialize: serializeArray, parse: parseArrayLiteral },
};

function serializeArray(value: readonly string[] | string): string {
  return typeof value === 'string' ? value : toArrayLiteral(value);
}
