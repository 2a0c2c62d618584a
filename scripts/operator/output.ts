/** What a command tells: one JSON document for machines, text for people. */
import { type Table, toPrintable, toTable } from './table.ts';

export function printResult(json: boolean | undefined, document: object, toText: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : toText());
}

/** RFC 3339, as every answer of the API has it. */
export function toTime(time: Date): string;
export function toTime(time: Date | null): string | null;
export function toTime(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}

/** To the second, which is what people compare. */
export function toShortTime(time: string | null): string {
  return time === null ? '' : `${time.slice(0, 19)}Z`;
}

/** Names and values, one a line; what is not there is left out. */
export function toFields(fields: readonly (readonly [name: string, value: string | null])[]): string {
  const known = fields.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${toPrintable(value)}\n`).join('');
}

/** A table with its name; one line where it has no rows. */
export function toSection(name: string, table: Table, hasMore = false): string {
  if (table.rows.length === 0) return `\n${name}: none\n`;
  const more = hasMore ? `and more: these are ${table.rows.length}\n` : '';
  return `\n${name}\n${toTable(table)}${more}`;
}
