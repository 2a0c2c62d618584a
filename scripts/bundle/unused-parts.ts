/**
 * Functions of packages that nothing here calls, and that esbuild can't leave out: it can't see that no object has them called.
 * In a bundle each of them throws, so that what is cut by mistake is refused, and nothing goes on without it.
 */
import { readFile } from 'node:fs/promises';
import { type AnyNode, parse } from 'acorn';
import type { Plugin } from 'esbuild';
import { walk } from './walk.ts';

const driver = {
  // Listening, cursors, streams, a pool and transactions: `db/` has its own, of one statement after the other.
  'src/index.js': ['file', 'listen', 'notify', 'reserve', 'begin', 'array', 'json', 'cancel', 'close'],
  'src/query.js': ['readable', 'writable', 'cursor', 'describe', 'stream', 'forEach', 'raw', 'values'],
  // Statements are text with parameters here, arrays go as text (`db/array-literal.ts`), and types are told by number.
  'src/types.js': [
    'build',
    'values',
    'valuesBuilder',
    'select',
    'in',
    'update',
    'insert',
    'notTagged',
    'firstIsString',
    'escapeIdentifier',
    'escapeIdentifiers',
    'arraySerializer',
    'arrayParser',
    'toPascal',
    'toKebab',
    'fromCamel',
    'fromPascal',
    'fromKebab',
  ],
  'src/connection.js': [
    'CopyInResponse',
    'CopyOutResponse',
    'CopyBothResponse',
    'CopyData',
    'CopyDone',
    'PortalSuspended',
    'CloseComplete',
    'Close',
    'Execute',
    'fetchArrayTypes',
    'addArrayType',
    'fetchState',
    'tryNext',
  ],
};

/** How bodies are read stays. Who calls one of these is told by `hazards.ts`, where the context is called `c`. */
const hono = {
  'hono/dist/hono-base.js': ['mount', 'request', 'fire'],
  'hono/dist/context.js': ['render', 'setLayout', 'getLayout', 'setRenderer', 'event'],
  'hono/dist/request.js': ['parseBody', 'addValidatedData', 'valid', 'matchedRoutes'],
};

/** By file, below `node_modules`. A name that a file does not have, or has twice, stops the bundling. */
export const unusedParts: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(driver).flatMap(([file, names]) =>
      ['postgres', 'postgres/cf'].map((folder) => [`${folder}/${file}`, names]),
    ),
  ),
  ...hono,
  'jose/dist/webapi/lib/jwt_claims_set.js': ['secs'],
  'jose/dist/webapi/lib/jws_verify.js': ['encodeCompactUnencodedPayload'],
  'jose/dist/webapi/lib/key.js': [
    'jwkMatchesOp',
    'normalizeJwk',
    'jwkToKey',
    'invalidKeyType',
    'checkModulusLength',
  ],
};

type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The text without the bodies of the functions that are named, line for line.
 *
 * @throws {TypeError} when there is no function of a name, or more than one
 */
export function cutFunctions(source: string, names: readonly string[]): string {
  const found = new Map<string, Cut[]>(names.map((name) => [name, []]));
  for (const node of walk(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }))) {
    const named = toNamedFunction(node);
    if (named) found.get(named.name)?.push(toCut(named.value, source));
  }
  const cuts = [...found].map(([name, [cut, ...others]]) => {
    if (!cut || others.length > 0)
      throw new TypeError(`has ${cut ? 'more than one function' : 'no function'} ${name}`);
    return cut;
  });
  let text = '';
  let at = 0;
  for (const { start, end, text: by } of cuts.sort((one, other) => one.start - other.start)) {
    if (start < at) throw new TypeError('is to lose a function within another one');
    text += source.slice(at, start) + by;
    at = end;
  }
  return `${text}${source.slice(at)}\nfunction notInThisBundle() { throw new Error('not in this bundle'); }\n`;
}

/** Declared, a member of a class or an object, or what a variable is. */
function toNamedFunction(node: AnyNode): { name: string; value: FunctionNode } | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
      return node.id ? toNamed(node.id, node) : undefined;
    case 'VariableDeclarator':
      return toNamed(node.id, node.init);
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'Property':
      return node.computed ? undefined : toNamed(node.key, node.value);
    default:
      return undefined;
  }
}

function toNamed(key: AnyNode, value: AnyNode | null | undefined) {
  if (!value || !isFunction(value)) return undefined;
  if (key.type === 'Identifier') return { name: key.name, value };
  return key.type === 'PrivateIdentifier' ? { name: `#${key.name}`, value } : undefined;
}

const isFunction = (node: AnyNode): node is FunctionNode =>
  ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(node.type);

/** From the first parameter on, whose defaults are as little wanted; and as many lines, for the map. */
function toCut({ type, params: [first], body }: FunctionNode, source: string): Cut {
  const throwing = 'notInThisBundle()';
  const lines = (start: number) => source.slice(start, body.end).replaceAll(/[^\n]/g, '');
  const { start, end } = body;
  // Behind an arrow there may be brackets around a value, and before it none around a parameter.
  if (body.type !== 'BlockStatement') return { start, end, text: `${throwing}${lines(start)}` };
  if (!first || type === 'ArrowFunctionExpression')
    return { start, end, text: `{ ${throwing}; ${lines(start)}}` };
  return { start: first.start, end, text: `) { ${throwing}; ${lines(first.start)}}` };
}

export const withoutUnusedParts: Plugin = {
  name: 'without-unused-parts',
  setup: ({ onLoad }) => {
    for (const [file, names] of Object.entries(unusedParts)) {
      const path = file.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]');
      onLoad({ filter: new RegExp(`node_modules[\\\\/]${path}$`) }, async ({ path: found }) => {
        try {
          return { contents: cutFunctions(await readFile(found, 'utf8'), names) };
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
          return { errors: [{ text: `${found} ${error.message}` }] };
        }
      });
    }
  },
};
