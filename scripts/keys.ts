/** Makes and rotates the private JWK set of JWT_PRIVATE_KEYS. It prints the set, and keeps no copy. */
import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
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

Exit codes: 0 printed, 1 FILE is not a private JWK set, 2 wrong usage.
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
  const [signing, next] = readKeys(file) ?? [];
  if (!signing) {
    process.stderr.write(`${file}: not a private JWK set\n`);
    return 1;
  }
  const fresh = await createPrivateKey(alg);
  print(next ? [next, fresh, signing] : [signing, fresh]);
  return 0;
}

function readKeys(file: string): readonly JWK[] | undefined {
  try {
    const { keys } = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8')) as { keys?: readonly JWK[] };
    return keys?.every(({ kid, alg, d }) => kid && alg && d) ? keys : undefined;
  } catch {
    return undefined;
  }
}

function print(keys: readonly JWK[]): void {
  process.stdout.write(`${JSON.stringify({ keys })}\n`);
}

process.exitCode = await main();
