/**
 * Which services a function asks for, so that its bundle holds no others: an endpoint without a database carries no driver and
 * needs no DATABASE_URL. Found by name in what is left of our own code once esbuild has shaken it, which can tell too much
 * (the bundle is then larger than it need be) and, because nothing here names a service by a computed text, not too little.
 */
import { fileURLToPath } from 'node:url';
import { type AnyNode, parse } from 'acorn';
import { build } from 'esbuild';
import { throwFault } from './fault.ts';
import { walk } from './walk.ts';

export interface Needs {
  readonly database: boolean;
  readonly keys: boolean;
  readonly passwords: boolean;
  readonly outbox: boolean;
}

export async function readNeeds(names: readonly string[], root: URL): Promise<ReadonlyMap<string, Needs>> {
  const { outputFiles } = await build({
    entryPoints: names.map((name) => ({
      in: fileURLToPath(new URL(`functions/${name}.ts`, root)),
      out: name,
    })),
    outdir: '/',
    bundle: true,
    minifySyntax: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    write: false,
    logLevel: 'silent',
    loader: { '.node': 'empty' },
  }).catch(throwFault);
  return new Map(outputFiles.map(({ text }, nth) => [names[nth] ?? '', toNeeds(text)]));
}

function toNeeds(text: string): Needs {
  const named = new Set<string>();
  const called = new Set<AnyNode>();
  for (const node of walk(parse(text, { ecmaVersion: 'latest', sourceType: 'module' }))) {
    // `Object.keys()` and `map.keys()` are no service.
    if (node.type === 'CallExpression') called.add(node.callee);
    if (node.type === 'MemberExpression' && !called.has(node) && node.property.type === 'Identifier') {
      named.add(node.property.name);
    }
    if (node.type !== 'ObjectPattern') continue;
    for (const each of node.properties) {
      if (each.type === 'Property' && each.key.type === 'Identifier') named.add(each.key.name);
    }
  }
  return {
    // Emails wait in the database.
    database: ['database', 'health', 'outbox'].some((name) => named.has(name)),
    keys: named.has('keys'),
    passwords: named.has('passwords'),
    outbox: named.has('outbox'),
  };
}
