/** Writes what the API says of itself: `openapi.json`, made of the routes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeDocument, toFile } from './openapi/make-document.ts';

const usage = `Usage: npm run openapi [-- --check]

Writes openapi.json (OpenAPI 3.1) anew from the routes: their guards, the schemas of their bodies, the answers that are
declared beside them, and the examples that a test has recorded.

  --check   writes nothing, and says whether the file is what would be written

Exit codes: 0 written or as it should be, 1 stale, 2 wrong usage.
`;

const root = new URL('../', import.meta.url);
const file = new URL('openapi.json', root);

async function main(): Promise<number> {
  let isCheck: boolean;
  try {
    const options = {
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    } as const;
    const { values } = parseArgs({ options });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    isCheck = values.check;
  } catch {
    process.stderr.write(usage);
    return 2;
  }
  const written = readWritten();
  const made = toFile(await makeDocument(root));
  if (isCheck && written !== made) {
    process.stderr.write('openapi.json is stale: npm run openapi\n');
    return 1;
  }
  if (!isCheck) writeFileSync(file, made);
  return 0;
}

/** A function publishes the file, so that one which can't be read, as after a merge, would let no function be loaded. */
function readWritten(): string {
  try {
    const text = readFileSync(file, 'utf8');
    JSON.parse(text);
    return text;
  } catch {
    writeFileSync(file, '{}\n');
    return '';
  }
}

process.exitCode = await main();
