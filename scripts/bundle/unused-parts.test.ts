import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { testBinaries } from '../../test/support/postgres.ts';
import { cutFunctions, unusedParts, withoutUnusedParts } from './unused-parts.ts';

const skip = testBinaries !== undefined;
const folder = mkdtempSync(join(process.cwd(), 'node_modules/.blockbot-unused-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What tests do by themselves, such as making databases and forging tokens, asks more of the packages. */
const wholeSupport: Plugin = {
  name: 'whole-support',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/test\/support\// }, ({ path, resolveDir }) => ({
      path: pathToFileURL(resolve(resolveDir, path)).href,
      external: true,
    }));
    onResolve({ filter: /^(?:jose|postgres)$/ }, ({ importer }) =>
      importer.endsWith('.test.ts') ? { external: true } : undefined,
    );
  },
};

test('what is cut throws, and leaves every other line where it was', async () => {
  const source = `export function listen(name, {
  fn = fail(),
}) {
  return fn(name);
}
export const reserve = async (name) => ({
  name,
});
export class Query {
  #rows = (limit) => limit;
  get describe() { return this.#rows(1); }
  rows() { return this.#rows(1); }
}
export const kept = 1;
`;
  const cut = cutFunctions(source, ['listen', 'reserve', '#rows', 'describe']);
  const toLine = (text: string) => text.split('\n').findIndex((line) => line.includes('kept'));
  assert.equal(toLine(cut), toLine(source));
  const { listen, reserve, Query } = (await import(`data:text/javascript,${encodeURIComponent(cut)}`)) as {
    listen: () => unknown;
    reserve: () => Promise<unknown>;
    Query: new () => { readonly describe: unknown; readonly rows: () => unknown };
  };
  const refusal = { message: 'not in this bundle' };
  assert.throws(() => listen(), refusal);
  await assert.rejects(reserve(), refusal);
  assert.throws(() => new Query().describe, refusal);
  assert.throws(() => new Query().rows(), refusal);
});

test('a name that no function has, or several have, is refused', () => {
  assert.throws(() => cutFunctions('const a = 1;', ['a']), /has no function a/);
  assert.throws(() => cutFunctions('({ a() {} }); ({ a() {} });', ['a']), /has more than one function a/);
  assert.throws(() => cutFunctions('function a() { function b() {} }', ['a', 'b']), /within another/);
});

test('the packages have what is cut of them, in the build for Workers as in that for Node', () => {
  for (const [file, names] of Object.entries(unusedParts))
    assert.doesNotThrow(() => cutFunctions(readFileSync(join('node_modules', file), 'utf8'), names), file);
});

// The packages as they are bundled, in suites that ask all of them that we do.
for (const suite of skip ? [] : ['db/client.test.ts', 'db/connection.test.ts', 'lib/security/jwt.test.ts']) {
  const outfile = join(folder, `${basename(suite, '.ts')}.mjs`);
  await build({
    entryPoints: [suite],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [withoutUnusedParts, wholeSupport],
  });
  await import(pathToFileURL(outfile).href);
}
