/** Holds one statement against a migrated database: what Postgres says of it, and what its types promise. */
import postgres from 'postgres';
import { type Catalog, findQuery } from './catalog.ts';
import type { Fault } from './fault.ts';
import type { Parameter } from './fragments.ts';
import { parseTree } from './node-tree.ts';
import { toErrorFaults, toText } from './refusal.ts';
import { type QueryFacts, readQuery, type Write } from './query.ts';
import type { Shape } from './shape.ts';
import type { RowField, Statement } from './statements.ts';
import { toReadKind, toSentKinds, toWord } from './types.ts';
import type { Source, Value } from './value.ts';

export interface ExamineOptions {
  readonly sql: postgres.Sql;
  readonly catalog: Catalog;
}

interface Column {
  readonly name: string;
  readonly type: number;
}

/** Statements that Postgres analyses; of others (`create table`, `set`) it tells nothing before it runs them. */
const analysed = /^\s*(?:select|with|insert|update|delete|merge|values|table)\b/i;

/** One fault at least where a place needs mending; the same may come again from another choice of fragments. */
export async function examine(
  { file, line, parts, row, isResultUsed }: Statement,
  { sql, catalog }: ExamineOptions,
): Promise<readonly Fault[]> {
  const parameters = parts.filter((part) => 'shape' in part);
  const text = toText(parts);
  let types: readonly number[];
  let columns: readonly Column[];
  try {
    const description = await sql.unsafe(text, parameters.map(toSample), { prepare: true }).describe();
    ({ types } = description);
    // Of a statement that answers no rows the driver has null here.
    columns = description.columns ?? [];
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    return toErrorFaults(parts, { file, line }, error);
  }
  const facts = analysed.test(text)
    ? await readFacts(sql, catalog, text, types, parameters)
    : { columns: [], writes: [] };

  const here = (problem: string): Fault => ({ file, line, problem });
  return [
    ...parameters.flatMap((parameter, index) => compareParameter(parameter, types[index] ?? 0, catalog)),
    ...compareResult(row, isResultUsed, columns, facts.columns, parameters, catalog).map(here),
    ...facts.writes.flatMap((write) => compareWrite(write, parameters, here)),
  ];
}

/** The driver tells the server the type of some values, and of others it leaves that to the server. */
function toSample({ shape: { kinds } }: Parameter) {
  if (kinds.has('date')) return new Date(0);
  if (kinds.has('bytes')) return new Uint8Array();
  return kinds.has('boolean') ? true : '';
}

/**
 * The body of a function in the SQL standard's form is kept as a parse tree, parameters and all; a view's would be too,
 * but a view can't write.
 */
async function readFacts(
  sql: postgres.Sql,
  catalog: Catalog,
  text: string,
  types: readonly number[],
  parameters: readonly Parameter[],
): Promise<QueryFacts> {
  const list = types.map((type) => catalog.typeName(type)).join(', ');
  await sql.unsafe(
    `create function pg_temp.examined(${list}) returns void language sql begin atomic ${text}\n; end`,
  );
  const [row] = await sql<{ body: string | null }[]>`
    select prosqlbody::text as body from pg_proc where proname = 'examined' and pronamespace = pg_my_temp_schema()`;
  await sql.unsafe('drop function pg_temp.examined');
  const query = row?.body ? findQuery(parseTree(row.body)) : undefined;
  if (!query) throw new Error(`Postgres keeps no tree of ${text}`);
  return readQuery(query, catalog, (index) => parameters[index]?.shape.nullable ?? true);
}

function compareParameter(parameter: Parameter, type: number, catalog: Catalog): readonly Fault[] {
  const { shape, file, line } = parameter;
  const allowed = toSentKinds(type);
  const isRight = !shape.optional && [...shape.kinds].every((kind) => allowed.includes(kind));
  if (isRight) return [];
  const problem = `the parameter is ${catalog.typeName(type)}, which takes ${allowed.map(toWord).join(' or ')}; it gets ${parameter.type}`;
  return [{ file, line, problem }];
}

function compareResult(
  row: readonly RowField[] | undefined,
  isUsed: boolean,
  columns: readonly Column[],
  values: readonly Value[],
  parameters: readonly Parameter[],
  catalog: Catalog,
): readonly string[] {
  if (!row) {
    if (!isUsed) return [];
    return columns.length > 0
      ? ['the rows are used, and the statement does not say their type']
      : ['the result is used, and the statement answers no rows'];
  }
  const names = columns.map(({ name }) => postgres.toCamel(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return [
    ...(twice === undefined ? [] : [`two columns are called ${twice}`]),
    ...names
      .filter((name) => !row.some((field) => field.name === name))
      .map((name) => `the row type has no ${name}`),
    ...row.flatMap((field) => {
      const index = names.indexOf(field.name);
      const column = columns[index];
      if (!column) return [`the statement answers no ${field.name}${toHint(names)}`];
      return compareField(field, column, values[index], parameters, catalog);
    }),
  ];
}

const toHint = (names: readonly string[]) => (names.length === 0 ? '' : `, but ${names.join(', ')}`);

function compareField(
  { name, shape, type }: RowField,
  column: Column,
  value: Value | undefined,
  parameters: readonly Parameter[],
  catalog: Catalog,
): readonly string[] {
  const kind = toReadKind(column.type);
  const isRight =
    kind === 'anything' || [...shape.kinds].every((each) => each === kind || each === 'anything');
  if (!isRight) {
    return [
      `${name} is ${catalog.typeName(column.type)}, which arrives as ${toWord(kind)}; the row type has ${type}`,
    ];
  }
  const faults: string[] = [];
  if (shape.optional) faults.push(`${name} is never undefined; the row type has ${type}`);
  if (value?.nullable && !shape.nullable && !shape.kinds.has('anything')) {
    faults.push(`${name} can be null; the row type has ${type}`);
  }
  if (value && shape.texts) {
    const texts = toTexts(value.sources, parameters);
    if (!texts) faults.push(`nothing in the schema keeps ${name} to ${toList(shape.texts)}`);
    else if (!isSame(texts, shape.texts)) {
      faults.push(`${name} is one of ${toList(texts)}; the row type has ${toList(shape.texts)}`);
    }
  }
  return faults;
}

function compareWrite(
  { target, value }: Write,
  parameters: readonly Parameter[],
  here: (problem: string) => Fault,
): readonly Fault[] {
  const { texts, name, notNull } = target;
  const faults: Fault[] =
    notNull && value.nullable ? [here(`${name} is never null, and null may be written to it`)] : [];
  if (!texts) return faults;
  for (const source of value.sources) {
    const written = toTexts([source], parameters);
    const parameter =
      typeof source === 'object' && 'parameter' in source ? parameters[source.parameter] : undefined;
    const at = (problem: string): Fault =>
      parameter ? { file: parameter.file, line: parameter.line, problem } : here(problem);
    const wrong = written && [...written].filter((text) => !texts.has(text));
    if (!wrong) faults.push(at(`${name} is one of ${toList(texts)}, and any text may be written to it`));
    else if (wrong.length > 0)
      faults.push(at(`${name} is one of ${toList(texts)}, and not ${wrong.join(', ')}`));
  }
  return faults;
}

/** All texts that a value may be; undefined when it may be any. */
function toTexts(
  sources: readonly Source[],
  parameters: readonly Parameter[],
): ReadonlySet<string> | undefined {
  const texts = new Set<string>();
  for (const source of sources) {
    const known = toTextsOf(source, parameters);
    if (!known) return undefined;
    for (const text of known) texts.add(text);
  }
  return texts;
}

function toTextsOf(source: Source, parameters: readonly Parameter[]): ReadonlySet<string> | undefined {
  if (source === 'expression') return undefined;
  if ('text' in source) return new Set([source.text]);
  return 'column' in source ? source.column.texts : parameters[source.parameter]?.shape.texts;
}

const isSame = (some: ReadonlySet<string>, others: ReadonlySet<string>) =>
  some.size === others.size && [...some].every((text) => others.has(text));

const toList = (texts: NonNullable<Shape['texts']>) => [...texts].sort().join(' | ');
