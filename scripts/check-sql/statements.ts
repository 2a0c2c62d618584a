/**
 * The statements of a project: every template whose tag is the `Sql` of `db/sql.ts`, or postgres.js' own, with the
 * fragments in it put in their place. Where a fragment is chosen, there is one statement for each choice.
 */
import { relative, resolve } from 'node:path';
import ts from 'typescript';
import type { Fault } from './fault.ts';
import {
  createFragmentReader,
  isNamed,
  isSqlFragment,
  type Parameter,
  type Text,
  toPlace,
  Untraceable,
} from './fragments.ts';
import { type Shape, toShape } from './shape.ts';

export interface RowField {
  readonly name: string;
  readonly shape: Shape;
  readonly type: string;
}

export interface Statement {
  readonly file: string;
  readonly line: number;
  readonly parts: readonly (Text | Parameter)[];
  /** Of the type argument; undefined without one. */
  readonly row: readonly RowField[] | undefined;
  readonly isResultUsed: boolean;
}

export interface Collected {
  /** Every template once or, with choices in it, several times. */
  readonly statements: readonly Statement[];
  readonly templates: number;
  readonly files: number;
  readonly faults: readonly Fault[];
}

/** @throws {Error} when the project has no readable `tsconfig.json` */
export function openProject(root: string): ts.Program {
  const file = resolve(root, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(file, (path) => ts.sys.readFile(path));
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve(root));
  return ts.createProgram(fileNames, options);
}

export function collectStatements(program: ts.Program, root: string): Collected {
  const checker = program.getTypeChecker();
  // What tests ask, they run.
  const sources = program
    .getSourceFiles()
    .filter(({ isDeclarationFile }) => !isDeclarationFile)
    .filter(({ fileName }) => !/node_modules\/|^test\/|\.test\.ts$/.test(relative(root, fileName)));
  const statements: Statement[] = [];
  const faults: Fault[] = [];
  const fragments: ts.TaggedTemplateExpression[] = [];
  const files = new Set<string>();
  let templates = 0;

  const reader = createFragmentReader(checker, sources, root);

  const toFault = (node: ts.Node, problem: string): Fault => ({ ...toPlace(node, root), problem });

  function visit(node: ts.Node): void {
    if (ts.isTaggedTemplateExpression(node)) {
      if (isSqlTag(checker.getTypeAtLocation(node.tag))) addStatements(node);
      else if (isSqlFragment(checker.getTypeAtLocation(node))) fragments.push(node);
    }
    ts.forEachChild(node, visit);
  }

  function addStatements(node: ts.TaggedTemplateExpression): void {
    templates++;
    files.add(toPlace(node, root).file);
    try {
      const row = toRow(node);
      const isResultUsed = isUsed(node);
      const choices = reader.readTemplate(node.template);
      if (choices.length === 0) throw new Untraceable(node, 'nobody gives this statement its fragment');
      for (const parts of choices) {
        statements.push({ ...toPlace(node, root), parts, row, isResultUsed });
      }
    } catch (error) {
      if (!(error instanceof Untraceable)) throw error;
      faults.push(toFault(error.node, error.message));
    }
  }

  function toRow(node: ts.TaggedTemplateExpression): readonly RowField[] | undefined {
    const argument = node.typeArguments?.[0];
    if (!argument) return undefined;
    const given = checker.getTypeFromTypeNode(argument);
    // postgres.js takes the type of all rows.
    const row = checker.isArrayLikeType(given)
      ? (checker.getIndexTypeOfType(given, ts.IndexKind.Number) ?? given)
      : given;
    if (row.flags & (ts.TypeFlags.Any | ts.TypeFlags.TypeParameter)) {
      throw new Untraceable(argument, 'the type of the row is not known here');
    }
    return checker.getPropertiesOfType(row).map((property) => {
      const type = checker.getTypeOfSymbol(property);
      return { name: property.name, shape: toShape(type, checker), type: checker.typeToString(type) };
    });
  }

  sources.forEach(visit);
  for (const fragment of fragments) {
    if (!reader.isFollowed(fragment)) faults.push(toFault(fragment, 'no statement takes this fragment in'));
  }
  return { statements, templates, files: files.size, faults };
}

function isUsed(node: ts.Node): boolean {
  let { parent } = node;
  while (
    ts.isAwaitExpression(parent) ||
    ts.isVoidExpression(parent) ||
    ts.isParenthesizedExpression(parent)
  ) {
    ({ parent } = parent);
  }
  return !ts.isExpressionStatement(parent);
}

function isSqlTag(type: ts.Type): boolean {
  return isNamed(type, 'Sql', /\/db\/sql\.ts$|\/postgres\/types\/index\.d\.ts$/);
}
