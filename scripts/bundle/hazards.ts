/**
 * What can be told of a file without running it: constructs that a platform forbids, or that no bundle can carry. Only what
 * stands there in so many words is found; a cost that is computed is not.
 */
import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import { type AnyNode, parse } from 'acorn';
import { walk } from './walk.ts';

type Hazard = string;

/** zod asks whether it may compile code, and goes on without where it may not; what other packages mount is nothing of Hono's. */
const harmless = [
  { path: /node_modules\/zod\//, hazard: /^compiles code/ },
  { path: /node_modules\//, hazard: /^calls (?:mount|c\.)/ },
];

const known = new Map<string, Promise<readonly Hazard[]>>();

export async function readHazards(paths: readonly string[]): Promise<ReadonlyMap<string, readonly Hazard[]>> {
  const files = paths.filter((path) => /\.[cm]?[jt]s$/.test(path) && !path.startsWith('entry:'));
  const read = files.map(async (path) => {
    if (!known.has(path)) known.set(path, readOne(path));
    return [path, (await known.get(path)) ?? []] as const;
  });
  return new Map((await Promise.all(read)).filter(([, hazards]) => hazards.length > 0));
}

async function readOne(path: string): Promise<readonly Hazard[]> {
  let text = await readFile(path, 'utf8');
  if (path.endsWith('ts')) text = (await transform(text, { loader: 'ts', target: 'esnext' })).code;
  return findHazards(text).filter(
    (found) => !harmless.some(({ path: files, hazard }) => files.test(path) && hazard.test(found)),
  );
}

/** The hazards of a text of JavaScript. */
function findHazards(text: string): readonly Hazard[] {
  const tree = parse(text, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  const numbers = new Map<string, number>();
  const found = new Set<Hazard>();
  for (const node of walk(tree)) {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init) {
      const value = toNumber(node.init, numbers);
      if (value !== undefined) numbers.set(node.id.name, value);
    }
  }
  for (const node of walk(tree)) {
    const hazard = toHazard(node, numbers);
    if (hazard !== undefined) found.add(hazard);
  }
  return [...found];
}

function toHazard(node: AnyNode, numbers: ReadonlyMap<string, number>): Hazard | undefined {
  if (node.type === 'MemberExpression') {
    const path = toPath(node);
    if (path === 'process.env') return 'reads process.env';
    if (path.endsWith('req.matchedRoutes'))
      return 'reads req.matchedRoutes, which no bundle has: hono/route has it';
  }
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const callee = toPath(node.callee);
  const args = node.arguments;
  switch (callee) {
    case 'eval':
    case 'globalThis.eval':
      return 'compiles code at run time (eval), which workerd forbids';
    case 'Function':
    case 'globalThis.Function':
      return 'compiles code at run time (Function), which workerd forbids';
    case 'WebAssembly.compile':
    case 'WebAssembly.instantiate':
    case 'WebAssembly.Module':
      return 'compiles WebAssembly at run time, which workerd forbids';
    case 'URL':
      return args[0]?.type === 'Literal' && toPath(args[1]) === 'import.meta.url'
        ? `asks for the file ${String(args[0].value)} beside it, which no bundle carries along`
        : undefined;
  }
  const name = callee.split('.').at(-1) ?? '';
  // Of what `unused-parts.ts` cuts out of Hono, that which has a caller's name to be told by.
  if (callee.endsWith('req.parseBody')) return 'calls parseBody(), which no bundle has: form() reads forms';
  if (/\breq\.(?:valid|addValidatedData)$/.test(callee))
    return `calls req.${name}(), which no bundle has: c.var.input is the body`;
  if (/^(?:render|set(?:Renderer|Layout)|getLayout)$/.test(name) && callee === `c.${name}`)
    return `calls c.${name}(), which no bundle has: c.html() answers with a page`;
  if (name === 'mount' && callee !== name && args.length > 1)
    return 'calls mount(), which no bundle has: hono/mount has one of its own';
  if (/^pbkdf2(?:Sync)?$/.test(name) && (toNumber(args[2], numbers) ?? 0) > 100_000)
    return 'asks PBKDF2 for more than 100,000 iterations, which Workers refuse';
  for (const argument of args) {
    if (argument.type !== 'ObjectExpression') continue;
    const option = (...names: string[]) =>
      argument.properties
        .filter((each) => each.type === 'Property')
        .filter(({ key }) => names.includes(toPath(key)))
        .map(({ value }) => toNumber(value, numbers))[0];
    if ((option('iterations') ?? 0) > 100_000)
      return 'asks PBKDF2 for more than 100,000 iterations, which Workers refuse';
    if (/^scrypt(?:Sync)?$/.test(name)) {
      const cost =
        (option('N', 'cost') ?? 16_384) *
        (option('r', 'blockSize') ?? 8) *
        (option('p', 'parallelization') ?? 1);
      if (cost > 2 ** 20) return 'asks scrypt for a cost N * r * p over 2^20, which workerd refuses';
    }
  }
  return undefined;
}

/** `a.b.c` of names and members; empty for anything else. */
function toPath(node: AnyNode | undefined): string {
  switch (node?.type) {
    case 'Identifier':
      return node.name;
    case 'MetaProperty':
      return 'import.meta';
    case 'MemberExpression': {
      const member =
        node.computed && node.property.type === 'Literal'
          ? String(node.property.value)
          : toPath(node.property);
      return `${toPath(node.object)}.${member}`;
    }
    default:
      return '';
  }
}

/** The number that an expression of constants comes to. */
function toNumber(node: AnyNode | undefined, numbers: ReadonlyMap<string, number>): number | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'number') return node.value;
  if (node?.type === 'Identifier') return numbers.get(node.name);
  if (node?.type !== 'BinaryExpression') return undefined;
  const [left, right] = [toNumber(node.left, numbers), toNumber(node.right, numbers)];
  if (left === undefined || right === undefined) return undefined;
  switch (node.operator) {
    case '*':
      return left * right;
    case '**':
      return left ** right;
    case '<<':
      return left << right;
    case '+':
      return left + right;
    default:
      return undefined;
  }
}
