/** The one command that tells whether the work is good. */
import { spawnSync } from 'node:child_process';
import { readCommandLine } from '../lib/core/command-line.ts';

const usage = `Usage: npm run check [-- --static]

Types, lint, structure, format, unused code, the OpenAPI document, SQL statements, common passwords, bundles and tests, in
this order.

  --static   all but the tests

Exit codes: 0 all is good, 1 something is not, and it says what, 2 wrong usage.
`;

const steps: readonly (readonly [string, string])[] = [
  ['types', 'tsc -p .'],
  ['types of the client', 'tsc -p client --noEmit'],
  ['types of its example', 'tsc -p examples/spa'],
  ['lint', 'eslint .'],
  ['structure', 'tsx scripts/structure.ts'],
  ['format', 'prettier --check --log-level warn .'],
  ['unused code', 'knip'],
  ['document', 'tsx scripts/openapi.ts --check'],
  ['document, by Redocly', 'redocly lint openapi.json'],
  ['document, by its schema', 'validate-api openapi.json'],
  ['statements', 'tsx scripts/check-sql.ts'],
  ['common passwords', 'tsx scripts/common-passwords.ts --check'],
  ['bundles', 'tsx scripts/build.ts'],
  ['tests', 'tsx scripts/test.ts'],
];

const { values } = readCommandLine(usage, { options: { static: { type: 'boolean' } } });
const chosen = values.static ? steps.slice(0, -1) : steps;
const failed = chosen.filter(([name, command]) => {
  console.log(`\n== ${name}: ${command}`);
  const startedAt = performance.now();
  const { status } = spawnSync(`npx --no-install ${command}`, { shell: true, stdio: 'inherit' });
  console.log(`${name} took ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return status !== 0;
});
console.log(
  failed.length === 0 ? '\nAll is good.' : `\nNot good: ${failed.map(([name]) => name).join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
