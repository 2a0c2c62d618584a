/** What Postgres does not accept of a statement, and where in the sources that stands. */
import type postgres from 'postgres';
import type { Fault } from './fault.ts';
import type { Text } from './fragments.ts';
import type { Statement } from './statements.ts';

export function toText(parts: Statement['parts']): string {
  let parameters = 0;
  return parts.map((part) => ('text' in part ? part.text : `$${++parameters}`)).join('');
}

/** What Postgres says, at the line it says it of; and every other line that names the column that it does not know. */
export function toErrorFaults(
  parts: Statement['parts'],
  start: { readonly file: string; readonly line: number },
  { message, code, position }: postgres.PostgresError,
): readonly Fault[] {
  const offset = Number(position) - 1;
  const at = Number.isNaN(offset) ? start : locate(parts, offset, start);
  const faults: Fault[] = [{ ...at, problem: message }];
  const undefinedColumn = '42703';
  if (code !== undefinedColumn || Number.isNaN(offset)) return faults;
  // Constants and their like give way to blanks, so that everything else keeps its place.
  const text = toText(parts).replaceAll(/'(?:[^']|'')*'/g, (literal) => ' '.repeat(literal.length));
  const [, qualifier, name] = /^(?:"?(\w+)"?\.)?"?(\w+)/.exec(text.slice(offset)) ?? [];
  if (name === undefined) return faults;
  for (const { 1: owner, index } of text.matchAll(new RegExp(`(?:\\b(\\w+)\\.)?\\b${name}\\b`, 'g'))) {
    const isAlias = /\bas\s+$/i.test(text.slice(0, index));
    const mayBeIt = owner === undefined || qualifier === undefined || owner === qualifier;
    const place = locate(parts, index, start);
    const isTold = faults.some(({ file, line }) => file === place.file && line === place.line);
    if (mayBeIt && !isAlias && !isTold) faults.push({ ...place, problem: `${message} (named here as well)` });
  }
  return faults;
}

/** Where the text that is sent stands in the sources. */
function locate(
  parts: Statement['parts'],
  offset: number,
  start: { readonly file: string; readonly line: number },
): { readonly file: string; readonly line: number } {
  let passed = 0;
  let parameters = 0;
  for (const part of parts) {
    const length = 'text' in part ? part.text.length : `$${++parameters}`.length;
    if (offset < passed + length) {
      return 'text' in part ? locateIn(part, offset - passed) : { file: part.file, line: part.line };
    }
    passed += length;
  }
  return start;
}

function locateIn(
  { text, file, line }: Text,
  offset: number,
): { readonly file: string; readonly line: number } {
  return { file, line: line + text.slice(0, offset).split('\n').length - 1 };
}
