/** What the driver makes of Postgres' types (`db/connection.ts`), and what it sends for ours. */
import type { Kind } from './shape.ts';

/** By their fixed oids (pg_type.dat); everything else arrives as its text. */
const read = new Map<number, Kind>([
  [16, 'boolean'],
  [17, 'bytes'],
  [21, 'number'],
  [23, 'number'],
  [26, 'number'],
  [700, 'number'],
  [701, 'number'],
  [114, 'anything'],
  [3802, 'anything'],
  [1009, 'texts'],
  [2951, 'texts'],
  [1082, 'date'],
  [1114, 'date'],
  [1184, 'date'],
]);
const json = [114, 3802];
/** Numbers that JavaScript's can't hold: as a parameter either is fine. */
const wide = [20, 1700];

export function toReadKind(type: number): Kind {
  return read.get(type) ?? 'text';
}

export function toSentKinds(type: number): readonly Kind[] {
  if (json.includes(type)) return ['text'];
  if (wide.includes(type)) return ['number', 'text'];
  return [toReadKind(type)];
}

const words: Readonly<Record<Kind, string>> = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  date: 'Date',
  bytes: 'Uint8Array',
  texts: 'readonly string[]',
  object: 'an object',
  anything: 'anything',
};

export const toWord = (kind: Kind): string => words[kind];
