/** What the migrated database says of its tables, views, functions and types. */
import type postgres from 'postgres';
import { isNode, parseTree, type TreeNode } from './node-tree.ts';

export interface TableColumn {
  /** Such as `users.email`. */
  readonly name: string;
  readonly notNull: boolean;
  /** What a check constraint lets a text be, where one does. */
  readonly texts: ReadonlySet<string> | undefined;
}

export interface Catalog {
  readonly column: (relation: number, attribute: number) => TableColumn | undefined;
  /** The query of a view of ours. */
  readonly view: (relation: number) => TreeNode | undefined;
  /** Whether a function answers null for nothing but null. */
  readonly isTotal: (functionId: number) => boolean;
  readonly typeName: (type: number) => string;
}

/** Strict functions that answer null for values that are none. */
const partial = /^(?:json|array_|regexp_|substring$|to_reg|pg_get_|obj_description|inet_)/;

export async function readCatalog(sql: postgres.Sql): Promise<Catalog> {
  const columns = await sql<{ relation: number; number: number; name: string; notNull: boolean }[]>`
    select attrelid as relation, attnum as number, relname || '.' || attname as name, attnotnull as not_null
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where attnum > 0 and not attisdropped`;
  const checks = await sql<{ relation: number; number: number; definition: string }[]>`
    select conrelid as relation, coalesce(conkey[1], 0) as number, coalesce(pg_get_constraintdef(oid), '') as definition
    from pg_constraint where contype = 'c' and cardinality(conkey) = 1`;
  const views = await sql<{ relation: number; action: string }[]>`
    select ev_class as relation, ev_action::text as action
    from pg_rewrite join pg_class on pg_class.oid = ev_class
    where rulename = '_RETURN' and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`;
  const functions = await sql<{ id: number; name: string }[]>`
    select oid as id, proname as name from pg_proc where proisstrict and pronamespace = 'pg_catalog'::regnamespace`;
  const types = await sql<{ id: number; name: string }[]>`
    select oid as id, oid::regtype::text as name from pg_type`;

  const texts = new Map(
    checks.map(({ relation, number, definition }) => [`${relation}.${number}`, toTexts(definition)]),
  );
  const columnOf = new Map(
    columns.map(({ relation, number, name, notNull }) => {
      const key = `${relation}.${number}`;
      return [key, { name, notNull, texts: texts.get(key) }];
    }),
  );
  const viewOf = new Map(views.map(({ relation, action }) => [relation, findQuery(parseTree(action))]));
  const total = new Set(functions.filter(({ name }) => !partial.test(name)).map(({ id }) => id));
  const typeOf = new Map(types.map(({ id, name }) => [id, name]));
  return {
    column: (relation, attribute) => columnOf.get(`${relation}.${attribute}`),
    view: (relation) => viewOf.get(relation),
    isTotal: (functionId) => total.has(functionId),
    typeName: (type) => typeOf.get(type) ?? String(type),
  };
}

/** The texts of `CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text])))`, or of one text, `CHECK ((role = 'owner'::text))`. */
function toTexts(definition: string): ReadonlySet<string> | undefined {
  const list =
    /^CHECK \(\((?:"?\w+"? = ANY \(ARRAY\[(.*)\]\)|"?\w+"? = ('(?:[^']|'')*'::text))\)\)(?: NOT VALID)?$/s.exec(
      definition,
    );
  const literals = (list?.[1] ?? list?.[2])?.matchAll(/'((?:[^']|'')*)'::text/g);
  return literals && new Set([...literals].map(([, text = '']) => text.replaceAll("''", "'")));
}

/** The first query of a tree: a view's rule and a function's body are lists with one in them. */
export function findQuery(tree: ReturnType<typeof parseTree>): TreeNode | undefined {
  if (isNode(tree)) return tree;
  if (!Array.isArray(tree)) return undefined;
  for (const item of tree) {
    const found = findQuery(item);
    if (found) return found;
  }
  return undefined;
}
