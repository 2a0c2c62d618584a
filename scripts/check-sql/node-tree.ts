/** Postgres' own parse trees (`pg_node_tree`) as it prints them, read into nodes. */

export interface TreeNode {
  /** Such as `QUERY` or `VAR`: the struct's name in Postgres' sources (`primnodes.h`, `parsenodes.h`). */
  readonly tag: string;
  readonly fields: ReadonlyMap<string, Tree>;
}

/** A node, a list, a word or a number as text, or nothing. */
export type Tree = TreeNode | readonly Tree[] | string | null;

/** @throws {Error} when the text ends too early */
export function parseTree(text: string): Tree {
  // A word may hold brackets behind a backslash; a list of names has each in quotes.
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[(){}]|(?:[^\s(){}\\]|\\.)+/gs) ?? [];
  let next = 0;

  function take(): string {
    const token = tokens[next++];
    if (token === undefined) throw new Error('a parse tree ends too early');
    return token;
  }

  function readUntil(end: string): readonly Tree[] {
    const items: Tree[] = [];
    while (tokens[next] !== end) items.push(read());
    take();
    return items;
  }

  function read(): Tree {
    const token = take();
    if (token === '{') return readNode();
    if (token === '(') return readUntil(')');
    // The bytes of a constant follow their number: `9 [ 36 0 0 0 111 119 110 101 114 ]`.
    if (tokens[next] === '[' && take()) return readUntil(']');
    return token === '<>' ? null : token;
  }

  function readNode(): TreeNode {
    const tag = take();
    const fields = new Map<string, Tree>();
    for (let token = take(); token !== '}'; token = take()) fields.set(token.slice(1), read());
    return { tag, fields };
  }

  return read();
}

export function isNode(tree: Tree | undefined): tree is TreeNode {
  return typeof tree === 'object' && tree !== null && 'tag' in tree;
}

export function nodeOf({ fields }: TreeNode, field: string): TreeNode | undefined {
  const value = fields.get(field);
  return isNode(value) ? value : undefined;
}

export function listOf({ fields }: TreeNode, field: string): readonly Tree[] {
  const value = fields.get(field);
  return Array.isArray(value) ? value : [];
}

export function nodesOf(node: TreeNode, field: string): readonly TreeNode[] {
  return listOf(node, field).filter(isNode);
}

export function wordOf({ fields }: TreeNode, field: string): string {
  const value = fields.get(field);
  return typeof value === 'string' ? value : '';
}

export function numberOf(node: TreeNode, field: string): number {
  return Number(wordOf(node, field) || 0);
}

/** Whether a set of numbers, printed as `(b 1 2)`, has any. */
export function hasMembers(node: TreeNode, field: string): boolean {
  return listOf(node, field).length > 1;
}
