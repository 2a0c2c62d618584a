/** A statement with fragments in it as the driver wants it: one list of texts, and the values between them. */
import type { SqlFragment, SqlValue } from './sql.ts';

export interface FlatStatement {
  readonly strings: TemplateStringsArray;
  readonly values: readonly SqlValue[];
}

/** The same text comes out for the same parts, so that the statement is prepared once. */
export function flatten(
  strings: TemplateStringsArray,
  values: readonly (SqlValue | SqlFragment)[],
): FlatStatement {
  if (areValues(values)) return { strings, values };
  const texts: string[] = [''];
  const flat: SqlValue[] = [];
  append({ strings, values }, texts, flat);
  return { strings: Object.assign(texts, { raw: texts }), values: flat };
}

function append({ strings, values }: SqlFragment, texts: string[], flat: SqlValue[]): void {
  for (const [nth, text] of strings.entries()) {
    texts[texts.length - 1] += text;
    const value = values[nth];
    if (value === undefined) continue;
    if (isFragment(value)) append(value, texts, flat);
    else {
      flat.push(value);
      texts.push('');
    }
  }
}

function areValues(values: readonly (SqlValue | SqlFragment)[]): values is readonly SqlValue[] {
  return !values.some(isFragment);
}

function isFragment(value: SqlValue | SqlFragment): value is SqlFragment {
  return typeof value === 'object' && value !== null && 'strings' in value;
}
