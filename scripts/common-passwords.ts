/** Writes the list of common passwords that `lib/security/common-passwords.ts` looks into. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dictionary } from '@zxcvbn-ts/language-common';
import { readCommandLine } from '../lib/core/command-line.ts';
import { toFingerprint } from '../lib/security/common-passwords.ts';

const file = 'lib/security/common-password-fingerprints.ts';

const usage = `Usage: npm run common-passwords [-- --check]

Writes ${file} anew from the list of @zxcvbn-ts/language-common, which is ordered by how often a password was seen: the
first 3,000 that are long enough to be set.

  --check   writes nothing, and says whether the file is what would be written

Exit codes: 0 written or as it should be, 1 stale, 2 wrong usage.
`;

/** As many as OWASP ASVS 5.0 asks for in 6.2.4, of those that the length rule lets pass. */
const count = 3000;
const minimumLength = 8;

function toModule(passwords: readonly string[]): string {
  const chosen = passwords.filter((password) => password.length >= minimumLength).slice(0, count);
  if (chosen.length < count) throw new Error(`The list has ${chosen.length} passwords, fewer than ${count}`);
  const fingerprints = [...new Set(chosen.map(toFingerprint))].sort().join('');
  return `/** Made by \`npm run common-passwords\`: four characters for each password, as \`common-passwords.ts\` reads them. */
export const commonPasswordFingerprints =
  '${fingerprints}';
`;
}

function main(): number {
  const { values } = readCommandLine(usage, { options: { check: { type: 'boolean' } } });
  const module = toModule(dictionary['passwords-common']);
  if (!values.check) {
    writeFileSync(file, module);
    return 0;
  }
  if (readFileSync(file, 'utf8') === module) return 0;
  process.stderr.write(`${file} is stale: npm run common-passwords\n`);
  return 1;
}

process.exitCode = main();
