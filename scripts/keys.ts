/** Makes and rotates the private JWK set of JWT_PRIVATE_KEYS. It prints the set, and keeps no copy. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { JWK } from 'jose';
import { createPrivateKey } from '../lib/security/jwt.ts';

const usage = `Usage: npm run -s keys -- make [--alg ES256|EdDSA]
       npm run -s keys -- rotate FILE [--alg ES256|EdDSA]

make    prints a private JWK set of two keys: the first signs, the second is published for the next rotation.
rotate  reads a set from FILE (- for standard input) and prints the next one: the second key signs now, the first
        still verifies, a new one is published for the rotation after, and older ones are gone. Rotate again only
        after the tokens that the old key signed have expired (15 minutes) and verifiers have fetched the new set
        (its answer may be cached for 5 minutes).

Exit codes: 0 printed, 1 FILE is not a private JWK set, 2 wrong usage.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      alg: { type: 'string', default: 'ES256' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [command, file] = positionals;
  const { alg, help } = values;
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  if (alg !== 'ES256' && alg !== 'EdDSA') return refuse(usage, 2);
  if (command === 'make' && file === undefined) {
    print([await createPrivateKey(alg), await createPrivateKey(alg)]);
    return 0;
  }
  if (command !== 'rotate' || file === undefined) return refuse(usage, 2);
  const [signing, next] = readKeys(file) ?? [];
  if (!signing) return refuse(`${file}: not a private JWK set\n`, 1);
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

function refuse(message: string, exitCode: number): number {
  process.stderr.write(message);
  return exitCode;
}

try {
  process.exitCode = await main();
} catch (error) {
  // Only an option that there isn't gets here.
  process.exitCode = refuse(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, 2);
}
