/** Makes and rotates the private JWK set of JWT_PRIVATE_KEYS. It prints the set, and keeps no copy. */
import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';
import { createPrivateKey } from '../lib/security/jwt.ts';

const usage = `Usage: npm run -s keys -- make [--alg ES256|EdDSA]
       npm run -s keys -- rotate FILE [--alg ES256|EdDSA]

Prints a private JWK set for JWT_PRIVATE_KEYS, and keeps no copy.

  make      a set of two keys: the first signs, the second is published for the next rotation
  rotate    reads a set from FILE (- for standard input) and prints the next one: the second key signs now, the first
            still verifies, a new one is published for the rotation after, and older ones are gone. Rotate again only
            after the tokens that the old key signed have expired (15 minutes) and verifiers have fetched the new set
            (its answer may be cached for 5 minutes).
  --alg     how the new keys sign; ES256 unless told

Exit codes: 0 printed, 1 FILE can't be read or is not a private JWK set, 2 wrong usage.
`;

function readArguments() {
  const { values, positionals } = readCommandLine(usage, {
    options: { alg: { type: 'string', default: 'ES256' } },
    maximumPositionals: 2,
  });
  const [command, file] = positionals;
  const { alg } = values;
  if (alg !== 'ES256' && alg !== 'EdDSA') refuseUsage(usage, `--alg '${alg}' is neither ES256 nor EdDSA`);
  if (command === undefined) refuseUsage(usage, 'Say make or rotate FILE');
  if (command !== 'make' && command !== 'rotate')
    refuseUsage(usage, `'${command}' is neither make nor rotate`);
  if (command === 'rotate' && file === undefined) refuseUsage(usage, 'rotate wants a FILE');
  if (command === 'make' && file !== undefined) refuseUsage(usage, `make takes no file: '${file}'`);
  return { alg, file } as const;
}

async function main(): Promise<number> {
  const { alg, file } = readArguments();
  if (file === undefined) {
    print([await createPrivateKey(alg), await createPrivateKey(alg)]);
    return 0;
  }
  const [signing, next] = parseKeys(readText(file)) ?? [];
  if (!signing) throw new Error(`${file}: not a private JWK set`);
  const fresh = await createPrivateKey(alg);
  print(next ? [next, fresh, signing] : [signing, fresh]);
  return 0;
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const fault = code === 'ENOENT' ? 'there is no such file' : `can't be read (${code})`;
    throw new Error(`${file}: ${fault}`, { cause });
  }
}

function parseKeys(text: string): readonly JWK[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: readonly JWK[] };
    return keys?.every(({ kid, alg, d }) => kid && alg && d) ? keys : undefined;
  } catch {
    return undefined;
  }
}

function print(keys: readonly JWK[]): void {
  process.stdout.write(`${JSON.stringify({ keys })}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${toErrorMessage(error)}\n`);
  process.exitCode = 1;
}
