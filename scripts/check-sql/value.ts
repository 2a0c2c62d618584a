/** What is known of a value in a statement: whether it can be null, and where its text comes from. */
import type { TableColumn } from './catalog.ts';
import { listOf, numberOf, type TreeNode, wordOf } from './node-tree.ts';

/** Where a text comes from: a column, a constant, a parameter (counted from 0), or an expression. */
export type Source =
  | { readonly column: TableColumn }
  | { readonly text: string }
  | { readonly parameter: number }
  | 'expression';

export interface Value {
  readonly nullable: boolean;
  /** One at least; several where a statement chooses. */
  readonly sources: readonly Source[];
}

export const unknown: Value = { nullable: true, sources: ['expression'] };
export const certain: Value = { nullable: false, sources: ['expression'] };

/** Of one that is chosen among several. */
export function anyOf(values: readonly Value[]): Value {
  return {
    nullable: values.some(({ nullable }) => nullable),
    sources: values.flatMap(({ sources }) => sources),
  };
}

export function readConstant(constant: TreeNode): Value {
  if (wordOf(constant, 'constisnull') === 'true') return { nullable: true, sources: [] };
  const isText = numberOf(constant, 'consttype') === 25;
  if (!isText) return certain;
  // Four bytes of length come first.
  const bytes = listOf(constant, 'constvalue').slice(4).map(Number);
  return { nullable: false, sources: [{ text: Buffer.from(bytes).toString('utf8') }] };
}
