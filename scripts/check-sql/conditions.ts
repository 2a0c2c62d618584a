/** Which variables of a query its conditions let through only when they are not null. */
import type { Catalog } from './catalog.ts';
import { nodeOf, nodesOf, numberOf, type TreeNode, wordOf } from './node-tree.ts';

type IsTotal = Catalog['isTotal'];

/** `JoinType` of Postgres' nodes.h. */
const innerJoin = 0;

/** Their keys (`toKey`). */
export function findPresent(query: TreeNode, isTotal: IsTotal): ReadonlySet<string> {
  const present = new Set<string>();
  const tree = nodeOf(query, 'jointree');
  if (tree) collectConditions(tree, present, isTotal);
  return present;
}

/** A variable of the query itself, by the numbers of its table and column. */
export function toKey(variable: TreeNode): string {
  return `${numberOf(variable, 'varno')}.${numberOf(variable, 'varattno')}`;
}

/** What a `where`, or the `on` of an inner join, can't be true without. */
function collectConditions(tree: TreeNode, present: Set<string>, isTotal: IsTotal): void {
  if (tree.tag === 'JOINEXPR' && numberOf(tree, 'jointype') !== innerJoin) return;
  for (const part of [...nodesOf(tree, 'fromlist'), nodeOf(tree, 'larg'), nodeOf(tree, 'rarg')]) {
    if (part) collectConditions(part, present, isTotal);
  }
  const condition = nodeOf(tree, 'quals');
  if (condition) collectPresent(condition, present, isTotal);
}

function collectPresent(condition: TreeNode, present: Set<string>, isTotal: IsTotal): void {
  const { tag } = condition;
  const argument = nodeOf(condition, 'arg');
  if (tag === 'BOOLEXPR' && wordOf(condition, 'boolop') === 'and') {
    for (const part of nodesOf(condition, 'args')) collectPresent(part, present, isTotal);
  } else if (tag === 'NULLTEST' && numberOf(condition, 'nulltesttype') === 1 && argument) {
    collectStrict(argument, present, isTotal);
  } else if (tag === 'OPEXPR' || tag === 'SCALARARRAYOPEXPR') {
    collectStrict(condition, present, isTotal);
  }
}

/** Variables that make an expression null when they are. */
function collectStrict(expression: TreeNode, present: Set<string>, isTotal: IsTotal): void {
  const { tag } = expression;
  if (tag === 'VAR' && numberOf(expression, 'varlevelsup') === 0) present.add(toKey(expression));
  const isStrict =
    tag === 'RELABELTYPE' ||
    // Of no elements, `all` is true for a null as well.
    (tag === 'SCALARARRAYOPEXPR' && wordOf(expression, 'useOr') === 'true') ||
    ((tag === 'OPEXPR' || tag === 'FUNCEXPR') &&
      isTotal(numberOf(expression, tag === 'OPEXPR' ? 'opfuncid' : 'funcid')));
  if (!isStrict) return;
  for (const part of [nodeOf(expression, 'arg'), ...nodesOf(expression, 'args')]) {
    if (part) collectStrict(part, present, isTotal);
  }
}
