/** What is counted in the sources: how long functions and files are, and what switches the compiler or the linter off. */
import ts from 'typescript';
import type { SourceFile } from './imports.ts';

export interface Measures {
  /** Lines of each function that has a name and a body in braces. */
  readonly functionLines: readonly number[];
  readonly anys: readonly string[];
  readonly nonNulls: readonly string[];
  readonly suppressions: readonly string[];
}

const suppression = /@ts-(?:ignore|expect-error|nocheck)|eslint-disable/;

/** Places are told as `file:line`. */
export function measure(sources: readonly SourceFile[]): Measures {
  const functionLines: number[] = [];
  const anys: string[] = [];
  const nonNulls: string[] = [];
  const suppressions = new Set<string>();
  for (const { path, text } of sources) {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
    const visit = (node: ts.Node): void => {
      const place = `${path}:${lineOf(node.getStart())}`;
      if (node.kind === ts.SyntaxKind.AnyKeyword) anys.push(place);
      if (ts.isNonNullExpression(node)) nonNulls.push(place);
      if (isNamedFunction(node)) functionLines.push(lineOf(node.getEnd()) - lineOf(node.getStart()) + 1);
      for (const { pos, end } of commentsAround(text, node)) {
        if (suppression.test(text.slice(pos, end))) suppressions.add(`${path}:${lineOf(pos)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return {
    functionLines,
    anys,
    nonNulls,
    suppressions: [...suppressions],
  };
}

function isNamedFunction(node: ts.Node): boolean {
  if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return false;
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return true;
  return (
    ts.isBlock(node.body) && (ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent))
  );
}

function commentsAround(text: string, node: ts.Node): readonly ts.CommentRange[] {
  const leading = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return [...leading, ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? [])];
}

export interface LongFile {
  readonly path: string;
  readonly lines: number;
  /** What its header says after "Long because". */
  readonly reason: string | undefined;
}

export function findLongFiles(sources: readonly SourceFile[], limit: number): readonly LongFile[] {
  return sources
    .map(({ path, text }) => ({
      path,
      lines: text.split('\n').length - 1,
      reason: text.match(/\bLong because ([^.]+)\./)?.[1]?.replace(/\s+(?:\*|\/\/)?\s*/g, ' '),
    }))
    .filter(({ lines }) => lines > limit);
}
