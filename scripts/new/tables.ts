/** A line more in the tables that pin the endpoints, at its place in the order, and nothing else of the file touched. */

/** @throws {Error} when the table is not where it was: better no line than one anywhere */
export function insertSurfaceLine(source: string, name: string, line: string): string {
  return insert(source, name, `    '${line}',`, {
    from: 'assert.deepEqual(table, [',
    until: '  ]);',
    key: /^ {4}'([a-z0-9/-]+) \|/,
    table: 'functions/_surface.test.ts',
  });
}

/** @throws {Error} as above */
export function insertSample(source: string, name: string, body: string): string {
  return insert(source, name, `  '${name}': ${body},`, {
    from: 'export const soundBodies',
    until: '};',
    key: /^ {2}'([a-z0-9/-]+)':/,
    table: 'contract/samples.ts',
  });
}

/**
 * @param address such as `PATCH /v1/invoices/{id}`
 * @throws {Error} as above
 */
export function insertCall(source: string, address: string, call: string): string {
  return insert(source, address, `  '${address}': () => ${call},`, {
    from: 'const calls = {',
    until: '} satisfies Record<',
    key: /^ {2}'([A-Z]+ [^']+)':/,
    table: 'client/routes.test.ts',
  });
}

interface Table {
  /** What the line above the table begins with, whatever its indent. */
  readonly from: string;
  /** The line below it. */
  readonly until: string;
  /** Finds the name that an entry stands under, in the entry's first line. */
  readonly key: RegExp;
  readonly table: string;
}

function insert(source: string, name: string, entry: string, { from, until, key, table }: Table): string {
  const lines = source.split('\n');
  const start = lines.findIndex((line) => line.trimStart().startsWith(from));
  const end = lines.findIndex((line, index) => index > start && line === until);
  if (start === -1 || end === -1) throw new Error(`${table}: the table is not where it was`);
  const next = lines.findIndex((line, index) => {
    const [, other] = index > start && index < end ? (line.match(key) ?? []) : [];
    return other !== undefined && other > name;
  });
  return lines.toSpliced(next === -1 ? end : next, 0, entry).join('\n');
}
