/** What a statement is called in a trace, and its text, in which every value is a number of a parameter. */

export interface Statement {
  /** Such as `UPDATE sessions INSERT audit_events`: what it changes, or else what it reads first. */
  readonly summary: string;
  readonly text: string;
}

const changes =
  /\b(?:(insert) into|(delete) from|(merge) into|(update))\s+(\w+)(?=\s*\(|\s+(?:(?:as\s+)?\w+\s+)?(?:set|using|where|select|values|default|returning)\b|\s*$|\s*\))/gi;

/** @param strings what stands between the values */
export function describeStatement(strings: readonly string[]): Statement {
  const text = strings
    .map((part, nth) => (nth === 0 ? part : `$${nth}${part}`))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  const changed = [...text.matchAll(changes)].map(([, ...found]) => {
    const [verb = '', table = ''] = found.filter((part) => part !== undefined);
    return `${verb.toUpperCase()} ${table}`;
  });
  if (changed.length > 0) return { text, summary: [...new Set(changed)].join(' ') };
  const table = /\bfrom\s+([a-z_]\w*)\b(?!\s*\()/i.exec(text)?.[1];
  return { text, summary: table === undefined ? 'SELECT' : `SELECT ${table}` };
}
