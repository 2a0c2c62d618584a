/**
 * What a statement's parse tree tells of the values it answers and writes: whether they can be null, and where their
 * text comes from. The tree is Postgres' own, so that no second parser has to agree with it. Long because each kind of
 * node leads to every other.
 */
import type { Catalog, TableColumn } from './catalog.ts';
import { findPresent, toKey } from './conditions.ts';
import {
  hasMembers,
  isNode,
  listOf,
  nodeOf,
  nodesOf,
  numberOf,
  type Tree,
  type TreeNode,
  wordOf,
} from './node-tree.ts';
import { anyOf, certain, readConstant, unknown, type Value } from './value.ts';

/** A column that is written to, and what with. */
export interface Write {
  readonly target: TableColumn;
  readonly value: Value;
}

export interface QueryFacts {
  readonly columns: readonly Value[];
  readonly writes: readonly Write[];
}

/** A query inside of those that its variables may refer to. */
interface Scope {
  readonly query: TreeNode;
  readonly outer: Scope | undefined;
  /** Keys of variables that are not null, by its conditions. */
  readonly present: ReadonlySet<string>;
}

/** `CmdType` of Postgres' nodes.h. */
const update = 2;
const insert = 3;
/** `RTEKind` and `SubLinkType` of Postgres' parsenodes.h and primnodes.h. */
const entryKinds = { relation: 0, subquery: 1, join: 2, values: 5, cte: 6, group: 9 };
const sublinks = { exists: 0, all: 1, any: 2, expression: 4, array: 6 };

/** @param isNullable whether the nth parameter, counted from 0, may be null */
export function readQuery(
  query: TreeNode,
  catalog: Catalog,
  isNullable: (parameter: number) => boolean,
): QueryFacts {
  const underWay = new Set<TreeNode>();

  function toScope(query: TreeNode, outer: Scope | undefined): Scope {
    return { query, outer, present: findPresent(query, catalog.isTotal) };
  }

  function readColumns(scope: Scope): readonly Value[] {
    const { query } = scope;
    // A part of itself (a recursive one) adds nothing to what its other parts tell.
    if (underWay.has(query)) return [];
    underWay.add(query);
    try {
      const setOperation = nodeOf(query, 'setOperations');
      if (setOperation) return readSetOperation(setOperation, scope);
      const isSelect = numberOf(query, 'commandType') === 1;
      return nodesOf(query, isSelect ? 'targetList' : 'returningList')
        .filter((entry) => wordOf(entry, 'resjunk') !== 'true')
        .map((entry) => readEntry(entry, scope, !isSelect));
    } finally {
      underWay.delete(query);
    }
  }

  /** Of a union, whatever any of its parts answers. */
  function readSetOperation(operation: TreeNode, scope: Scope): readonly Value[] {
    const parts = [nodeOf(operation, 'larg'), nodeOf(operation, 'rarg')].map((part) => {
      if (!part) return [];
      if (part.tag === 'SETOPERATIONSTMT') return readSetOperation(part, scope);
      const subquery = nodeOf(entryOf(scope, numberOf(part, 'rtindex')), 'subquery');
      return subquery ? readColumns(toScope(subquery, scope)) : [];
    });
    const [left = [], right = []] = parts;
    const longer = left.length > 0 ? left : right;
    return longer.map((_, index) =>
      anyOf([left[index], right[index]].filter((value) => value !== undefined)),
    );
  }

  function readEntry(entry: TreeNode, scope: Scope, isReturned: boolean): Value {
    const expression = nodeOf(entry, 'expr');
    return expression ? read(expression, scope, isReturned) : unknown;
  }

  function entryOf({ query }: Scope, index: number): TreeNode {
    return nodesOf(query, 'rtable')[index - 1] ?? { tag: 'NOTHING', fields: new Map() };
  }

  function readVariable(variable: TreeNode, from: Scope, isReturned: boolean): Value {
    let scope = from;
    for (let level = numberOf(variable, 'varlevelsup'); level > 0 && scope.outer; level--)
      scope = scope.outer;
    const table = numberOf(variable, 'varno');
    const attribute = numberOf(variable, 'varattno');
    const isOfTarget = scope === from && isReturned && table === numberOf(scope.query, 'resultRelation');
    const written = isOfTarget ? readWritten(attribute, scope) : undefined;
    const value = written ?? readColumn(entryOf(scope, table), attribute, scope);
    if (numberOf(variable, 'varreturningtype') === 1) return { ...value, nullable: true };
    if (!written && scope.present.has(toKey(variable))) return { ...value, nullable: false };
    return hasMembers(variable, 'varnullingrels') ? { ...value, nullable: true } : value;
  }

  /** What `returning` shows of a column that the statement sets; of others undefined. */
  function readWritten(attribute: number, scope: Scope): Value | undefined {
    const conflict = nodeOf(scope.query, 'onConflict');
    const entries = [
      ...nodesOf(scope.query, 'targetList'),
      ...(conflict ? nodesOf(conflict, 'onConflictSet') : []),
    ];
    const values = entries
      .filter((entry) => numberOf(entry, 'resno') === attribute)
      .map((entry) => readEntry(entry, scope, false));
    if (values.length === 0) return undefined;
    const column = catalog.column(
      numberOf(entryOf(scope, numberOf(scope.query, 'resultRelation')), 'relid'),
      attribute,
    );
    const value = anyOf(values);
    if (!column) return value;
    // Whatever is written, the table has let it in.
    return {
      nullable: value.nullable && !column.notNull,
      sources: column.texts ? [{ column }] : value.sources,
    };
  }

  function readColumn(entry: TreeNode, attribute: number, scope: Scope): Value {
    const kind = numberOf(entry, 'rtekind');
    // The row itself, or a system column.
    if (attribute <= 0) return certain;
    const atPosition = (list: readonly Tree[]): Value => {
      const expression = list[attribute - 1];
      return isNode(expression) ? read(expression, scope, false) : unknown;
    };
    if (kind === entryKinds.relation) return readRelation(numberOf(entry, 'relid'), attribute);
    if (kind === entryKinds.join) return atPosition(listOf(entry, 'joinaliasvars'));
    if (kind === entryKinds.group) return atPosition(listOf(entry, 'groupexprs'));
    if (kind === entryKinds.values) {
      const rows = listOf(entry, 'values_lists').filter((row) => Array.isArray(row));
      return rows.length === 0 ? unknown : anyOf(rows.map(atPosition));
    }
    const inner =
      kind === entryKinds.cte ? findCommonTable(entry, scope) : toInner(nodeOf(entry, 'subquery'), scope);
    if (!inner) return unknown;
    return (
      readColumns(inner)[attribute - 1] ?? (underWay.has(inner.query) ? { ...certain, sources: [] } : unknown)
    );
  }

  function readRelation(relation: number, attribute: number): Value {
    const view = catalog.view(relation);
    if (view) return readColumns(toScope(view, undefined))[attribute - 1] ?? unknown;
    const column = catalog.column(relation, attribute);
    return column ? { nullable: !column.notNull, sources: [{ column }] } : unknown;
  }

  function toInner(query: TreeNode | undefined, scope: Scope): Scope | undefined {
    return query && toScope(query, scope);
  }

  function findCommonTable(entry: TreeNode, from: Scope): Scope | undefined {
    let scope = from;
    for (let level = numberOf(entry, 'ctelevelsup'); level > 0 && scope.outer; level--) scope = scope.outer;
    const name = wordOf(entry, 'ctename');
    const table = nodesOf(scope.query, 'cteList').find((each) => wordOf(each, 'ctename') === name);
    return table && toInner(nodeOf(table, 'ctequery'), scope);
  }

  /** @param isReturned whether a variable of the target shows what was written, and not what stood there before */
  function read(expression: TreeNode, scope: Scope, isReturned: boolean): Value {
    const readAll = (field: string) =>
      nodesOf(expression, field).map((each) => read(each, scope, isReturned));
    const argument = nodeOf(expression, 'arg');
    const ofArgument = () => (argument ? read(argument, scope, isReturned) : unknown);
    const nullWhenAny = (values: readonly Value[]): Value => ({
      nullable: values.some(({ nullable }) => nullable),
      sources: ['expression'],
    });

    switch (expression.tag) {
      case 'VAR':
        return readVariable(expression, scope, isReturned);
      case 'CONST':
        return readConstant(expression);
      case 'PARAM': {
        const parameter = numberOf(expression, 'paramid') - 1;
        return { nullable: isNullable(parameter), sources: [{ parameter }] };
      }
      case 'RELABELTYPE':
      case 'COERCEVIAIO':
      case 'ARRAYCOERCEEXPR':
      case 'COLLATEEXPR':
        return ofArgument();
      case 'NULLTEST':
      case 'BOOLEANTEST':
      case 'DISTINCTEXPR':
      case 'ARRAYEXPR':
      case 'ROWEXPR':
      case 'SQLVALUEFUNCTION':
        return certain;
      case 'BOOLEXPR':
      case 'SCALARARRAYOPEXPR':
        return nullWhenAny(readAll('args'));
      case 'ROWCOMPAREEXPR':
        return nullWhenAny([...readAll('largs'), ...readAll('rargs')]);
      case 'OPEXPR':
        return catalog.isTotal(numberOf(expression, 'opfuncid')) ? nullWhenAny(readAll('args')) : unknown;
      case 'FUNCEXPR':
        return catalog.isTotal(numberOf(expression, 'funcid')) ? nullWhenAny(readAll('args')) : unknown;
      case 'COALESCEEXPR':
      case 'MINMAXEXPR': {
        const values = readAll('args');
        return { ...anyOf(values), nullable: values.every(({ nullable }) => nullable) };
      }
      case 'CASEEXPR': {
        const results = nodesOf(expression, 'args').map((branch) => nodeOf(branch, 'result'));
        const values = [...results, nodeOf(expression, 'defresult')].map((result) =>
          result ? read(result, scope, isReturned) : { nullable: true, sources: [] },
        );
        return anyOf(values);
      }
      case 'AGGREF':
        return { nullable: !isCount(expression), sources: ['expression'] };
      case 'SUBLINK':
        return readSublink(expression, scope, isReturned);
      default:
        return unknown;
    }
  }

  function readSublink(sublink: TreeNode, scope: Scope, isReturned: boolean): Value {
    const type = numberOf(sublink, 'subLinkType');
    if (type === sublinks.exists || type === sublinks.array) return certain;
    const inner = toInner(nodeOf(sublink, 'subselect'), scope);
    if (!inner) return unknown;
    const [answered = unknown] = readColumns(inner);
    if (type === sublinks.any || type === sublinks.all) {
      const test = nodeOf(sublink, 'testexpr');
      const left = test && nodesOf(test, 'args')[0];
      const tested = left ? read(left, scope, isReturned) : unknown;
      return { nullable: tested.nullable || answered.nullable, sources: ['expression'] };
    }
    // Without a `group by` an aggregate has one row always; anything else may have none.
    const { query } = inner;
    const hasOneRow =
      wordOf(query, 'hasAggs') === 'true' &&
      !query.fields.get('groupClause') &&
      !query.fields.get('havingQual');
    return type === sublinks.expression && hasOneRow ? answered : { ...answered, nullable: true };
  }

  function collectWrites(scope: Scope, writes: Write[]): void {
    const { query } = scope;
    for (const table of nodesOf(query, 'cteList')) {
      const inner = toInner(nodeOf(table, 'ctequery'), scope);
      if (inner) collectWrites(inner, writes);
    }
    const command = numberOf(query, 'commandType');
    if (command !== insert && command !== update) return;
    const relation = numberOf(entryOf(scope, numberOf(query, 'resultRelation')), 'relid');
    const conflict = nodeOf(query, 'onConflict');
    for (const entry of [
      ...nodesOf(query, 'targetList'),
      ...(conflict ? nodesOf(conflict, 'onConflictSet') : []),
    ]) {
      const target = catalog.column(relation, numberOf(entry, 'resno'));
      if (target && wordOf(entry, 'resjunk') !== 'true') {
        writes.push({ target, value: readEntry(entry, scope, false) });
      }
    }
  }

  const scope = toScope(query, undefined);
  const writes: Write[] = [];
  collectWrites(scope, writes);
  return { columns: readColumns(scope), writes };
}

/** Oids of `count(*)` and `count(any)` (pg_proc.dat): the aggregates that are not null for no rows. */
function isCount(aggregate: TreeNode): boolean {
  return [2803, 2147].includes(numberOf(aggregate, 'aggfnoid'));
}
