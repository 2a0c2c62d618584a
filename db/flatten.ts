/** A statement with fragments in it as the driver wants it: one list of texts, and the values between them. */
import type { SqlFragment, SqlValue } from './sql.ts';

export interface FlatStatement {
  readonly strings: TemplateStringsArray;
  readonly values: readonly SqlValue[];
}

// Of each statement with fragments, the lists that came out of it: as many as its source has ways to put it together.
const known = new WeakMap<TemplateStringsArray, TemplateStringsArray[]>();

/**
 * The very same list comes out for the same parts: postgres.js remembers a stack trace of each list that it was ever given
 * (`originCache` in its query.js), and would grow by one with every call.
 */
export function flatten(
  strings: TemplateStringsArray,
  values: readonly (SqlValue | SqlFragment)[],
): FlatStatement {
  if (areValues(values)) return { strings, values };
  const texts: string[] = [''];
  const flat: SqlValue[] = [];
  append({ strings, values }, texts, flat);
  return { strings: toKnown(strings, texts), values: flat };
}

function toKnown(source: TemplateStringsArray, texts: readonly string[]): TemplateStringsArray {
  let lists = known.get(source);
  if (!lists) known.set(source, (lists = []));
  let list = lists.find(
    (other) => other.length === texts.length && other.every((text, nth) => text === texts[nth]),
  );
  if (!list) lists.push((list = Object.assign([...texts], { raw: texts })));
  return list;
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
