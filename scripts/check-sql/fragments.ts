/**
 * What can stand in a statement's template, with the fragments in it put in their place. A fragment is followed from where
 * it is taken in to its own template: through constants, through functions that make one, and from a parameter to what
 * its callers give.
 */
import { relative } from 'node:path';
import ts from 'typescript';
import { type Shape, toShape } from './shape.ts';

/** Text of a statement, and where in the sources it stands. */
export interface Text {
  readonly text: string;
  readonly file: string;
  /** Of its first line. */
  readonly line: number;
}

export interface Parameter {
  readonly shape: Shape;
  /** As the types say it. */
  readonly type: string;
  readonly file: string;
  readonly line: number;
}

/** What a function's parameters stand for where a call of it is followed. */
type Bindings = ReadonlyMap<ts.Symbol, Bound>;

interface Bound {
  readonly expression: ts.Expression;
  readonly bindings: Bindings;
}

export type Parts = readonly (Text | Parameter)[];

/** A fragment that can't be told from the sources. */
export class Untraceable extends Error {
  readonly node: ts.Node;

  constructor(node: ts.Node, problem: string) {
    super(problem);
    this.node = node;
  }
}

const deepest = 20;
const mostChoices = 100;

export interface FragmentReader {
  /** @throws {Untraceable} */
  readonly readTemplate: (template: ts.TemplateLiteral) => readonly Parts[];
  /** Whether a fragment's template has been taken in by one that was read. */
  readonly isFollowed: (fragment: ts.TaggedTemplateExpression) => boolean;
}

export function createFragmentReader(
  checker: ts.TypeChecker,
  sources: readonly ts.SourceFile[],
  root: string,
): FragmentReader {
  const followed = new Set<ts.Node>();
  let calls: ReadonlyMap<ts.Node, readonly ts.CallExpression[]> | undefined;

  /** Every text that the template can have. */
  function readTemplate(
    template: ts.TemplateLiteral,
    bindings: Bindings = new Map(),
    depth = 0,
  ): readonly Parts[] {
    const pieces = ts.isNoSubstitutionTemplateLiteral(template)
      ? [{ literal: template, expression: undefined }]
      : [
          { literal: template.head, expression: template.templateSpans[0]?.expression },
          ...template.templateSpans.map(({ literal }, index) => ({
            literal,
            expression: template.templateSpans[index + 1]?.expression,
          })),
        ];
    let choices: readonly Parts[] = [[]];
    for (const { literal, expression } of pieces) {
      const text = { text: literal.text, ...toPlace(literal, root) };
      const values = expression ? readValue(expression, bindings, depth) : [[]];
      choices = choices.flatMap((before) => values.map((value) => [...before, text, ...value]));
      if (choices.length > mostChoices) throw new Untraceable(template, 'too many fragments to choose from');
    }
    return choices;
  }

  function readValue(expression: ts.Expression, bindings: Bindings, depth: number): readonly Parts[] {
    const type = typeOf(expression, bindings);
    if (isSqlFragment(type) || mayBeFragment(type)) return readFragment(expression, bindings, depth + 1);
    const shape = toShape(type, checker);
    return [[{ shape, type: checker.typeToString(type), ...toPlace(expression, root) }]];
  }

  /** That of the argument, where a parameter stands for one: it may be narrower. */
  function typeOf(expression: ts.Expression, bindings: Bindings): ts.Type {
    const bound = ts.isIdentifier(expression) ? bindings.get(symbolOf(expression)) : undefined;
    return bound ? typeOf(bound.expression, bound.bindings) : checker.getTypeAtLocation(expression);
  }

  function readFragment(expression: ts.Expression, bindings: Bindings, depth: number): readonly Parts[] {
    const follow = (next: ts.Expression, from = bindings) => readFragment(next, from, depth + 1);
    if (depth > deepest) throw new Untraceable(expression, 'this fragment goes round in a circle');
    if (ts.isParenthesizedExpression(expression) || ts.isSatisfiesExpression(expression)) {
      return follow(expression.expression);
    }
    if (ts.isTaggedTemplateExpression(expression)) {
      followed.add(expression);
      return readTemplate(expression.template, bindings, depth);
    }
    if (ts.isConditionalExpression(expression)) {
      return [...follow(expression.whenTrue), ...follow(expression.whenFalse)];
    }
    if (ts.isCallExpression(expression)) {
      const callee = checker.getResolvedSignature(expression)?.declaration;
      if (!callee || !ts.isFunctionLike(callee) || !('body' in callee) || !callee.body) {
        throw new Untraceable(expression, 'the function that makes this fragment is not in the sources');
      }
      const bound = bind(callee, expression, bindings);
      return findResults(callee.body).flatMap((result) => follow(result, bound));
    }
    if (ts.isIdentifier(expression) || ts.isPropertyAccessExpression(expression)) {
      const symbol = symbolOf(expression);
      const bound = bindings.get(symbol);
      if (bound) return follow(bound.expression, bound.bindings);
      const declaration = symbol.valueDeclaration;
      const initializer = declaration && toInitializer(declaration);
      if (initializer) return follow(initializer);
      if (declaration && ts.isParameter(declaration)) {
        const { parent: callee } = declaration;
        const choices = callsOf(callee).map((call) => bind(callee, call, new Map()));
        return choices.flatMap((choice) =>
          choice.has(symbol) ? follow(expression, choice) : untraceable(expression),
        );
      }
    }
    return untraceable(expression);
  }

  function untraceable(expression: ts.Expression): never {
    throw new Untraceable(
      expression,
      `the fragment ${expression.getText()} can't be followed to its template`,
    );
  }

  function symbolOf(node: ts.Expression): ts.Symbol {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    if (!symbol) throw new Untraceable(node, `${node.getText()} has no declaration`);
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The parameters of a function, a destructured object's too, as one call gives them. */
  function bind(callee: ts.SignatureDeclaration, call: ts.CallExpression, outer: Bindings): Bindings {
    const bindings = new Map(outer);
    const add = (name: ts.BindingName, value: ts.Expression | undefined) => {
      if (!value) return;
      if (ts.isIdentifier(name)) {
        bindings.set(symbolOf(name), { expression: value, bindings: outer });
      } else if (ts.isObjectBindingPattern(name) && ts.isObjectLiteralExpression(value)) {
        for (const element of name.elements) {
          const key = (element.propertyName ?? element.name).getText();
          const property = value.properties.find((each) => each.name?.getText() === key);
          add(element.name, (property && toInitializer(property)) ?? element.initializer);
        }
      }
    };
    callee.parameters.forEach(({ name, initializer }, index) =>
      add(name, call.arguments[index] ?? initializer),
    );
    return bindings;
  }

  function callsOf(callee: ts.Node): readonly ts.CallExpression[] {
    calls ??= indexCalls();
    return calls.get(callee) ?? [];
  }

  function indexCalls(): ReadonlyMap<ts.Node, readonly ts.CallExpression[]> {
    const index = new Map<ts.Node, ts.CallExpression[]>();
    const add = (node: ts.Node) => {
      if (ts.isCallExpression(node)) {
        const callee = checker.getResolvedSignature(node)?.declaration;
        if (callee) index.set(callee, [...(index.get(callee) ?? []), node]);
      }
      ts.forEachChild(node, add);
    };
    sources.forEach(add);
    return index;
  }

  return {
    readTemplate: (template) => readTemplate(template),
    isFollowed: (fragment) => followed.has(fragment),
  };
}

export function toPlace(node: ts.Node, root: string): { readonly file: string; readonly line: number } {
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  return { file: relative(root, source.fileName), line: line + 1 };
}

/** Whether a type is the one of that name from a file of that path. */
export function isNamed(type: ts.Type, name: string, place: RegExp): boolean {
  return [type.aliasSymbol, type.getSymbol()].some(
    (symbol) =>
      symbol?.name === name &&
      symbol.declarations?.some((declaration) => place.test(declaration.getSourceFile().fileName)),
  );
}

export function isSqlFragment(type: ts.Type): boolean {
  return isNamed(type, 'SqlFragment', /\/db\/sql\.ts$/);
}

function mayBeFragment(type: ts.Type): boolean {
  return type.isUnion() && type.types.some(isSqlFragment);
}

function toInitializer(declaration: ts.Node): ts.Expression | undefined {
  if (ts.isShorthandPropertyAssignment(declaration)) return declaration.name;
  if (ts.isPropertyAssignment(declaration)) return declaration.initializer;
  const isConstant =
    ts.isVariableDeclaration(declaration) &&
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return isConstant ? declaration.initializer : undefined;
}

/** What a function answers; functions inside of it answer for themselves. */
function findResults(body: ts.Node): readonly ts.Expression[] {
  if (!ts.isBlock(body)) return ts.isExpression(body) ? [body] : [];
  const results: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression) results.push(node.expression);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(body);
  return results;
}
