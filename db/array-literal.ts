/** Arrays of text as Postgres writes and reads them (PostgreSQL manual, 8.15.2 and 8.15.6): one dimension, no nulls. */

/** Every element in quotes, so that none is taken for a NULL, a brace or a comma. */
export function toArrayLiteral(elements: readonly string[]): string {
  return `{${elements.map((element) => `"${element.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

export function parseArrayLiteral(literal: string): readonly string[] {
  const elements = literal.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^",]+)/gs);
  return [...elements].map(([, quoted, plain = '']) => quoted?.replaceAll(/\\(.)/gs, '$1') ?? plain);
}
