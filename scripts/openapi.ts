/** Writes what the API says of itself: `openapi.json`, made of the routes, and the page and the types that are made of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readCommandLine } from '../lib/core/command-line.ts';
import { makeDocument, toFiles } from './openapi/make-document.ts';

const usage = `Usage: npm run openapi [-- --check]

Writes openapi.json (OpenAPI 3.1) anew from the routes: their guards, the schemas of their bodies, the answers that are
declared beside them, and the examples that a test has recorded; and of it lib/pages/reference.ts, the page at /docs,
client/api.ts, the types of the client, and lib/core/version.ts.

  --check   writes nothing, and says whether the files are what would be written

Exit codes: 0 written or as it should be, 1 stale, 2 wrong usage.
`;

const root = new URL('../', import.meta.url);

async function main(): Promise<number> {
  const { values } = readCommandLine(usage, { options: { check: { type: 'boolean', default: false } } });
  makeLoadable();
  const files = Object.entries(await toFiles(await makeDocument(root)));
  if (!values.check) {
    for (const [path, text] of files) writeFileSync(new URL(path, root), text);
    return 0;
  }
  const stale = files.filter(([path, text]) => readFileSync(new URL(path, root), 'utf8') !== text);
  for (const [path] of stale) process.stderr.write(`${path} is stale: npm run openapi\n`);
  return stale.length > 0 ? 1 : 0;
}

/** Functions publish the files, so that one which can't be read, as after a merge, would let no function be loaded. */
function makeLoadable(): void {
  try {
    JSON.parse(readFileSync(new URL('openapi.json', root), 'utf8'));
  } catch {
    writeFileSync(new URL('openapi.json', root), '{}\n');
  }
}

process.exitCode = await main();
