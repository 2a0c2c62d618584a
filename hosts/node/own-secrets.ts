/** The secrets that an embedded Blockbot makes for itself, once, in files that only their owner reads. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { readPrivateKeys } from '../../lib/core/env.ts';
import { toErrorMessage } from '../../lib/core/error-message.ts';
import { EnvironmentError } from '../../lib/core/variables.ts';
import { createPrivateKey } from '../../lib/security/jwt.ts';

/**
 * Kept under `dataDir`; `made` tells which files are new.
 *
 * @throws {EnvironmentError} for a key set that is none
 */
export async function loadOwnSecrets(dataDir: string) {
  const made: string[] = [];

  async function load(name: string, make: () => string | Promise<string>): Promise<string> {
    const path = join(dataDir, name);
    try {
      return readFileSync(path, 'utf8');
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    }
    const secret = await make();
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // Whole or not at all: a half-written secret would be taken for one at the next start.
    writeFileSync(`${path}.new`, secret, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    made.push(path);
    return secret;
  }

  const tokenSecret = await load('token-secret', () => randomBytes(32).toString('base64url'));
  const keySet = await load('jwt-private-keys.json', async () =>
    JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
  );
  return { tokenSecret, privateKeys: readKeySet(keySet, join(dataDir, 'jwt-private-keys.json')), made };
}

/** @throws {EnvironmentError} with the path, for a file that was cut off, say: nothing else tells where it is */
function readKeySet(keySet: string, path: string): readonly JWK[] {
  try {
    return readPrivateKeys(keySet);
  } catch (error) {
    throw new EnvironmentError([`${path}: ${toErrorMessage(error)}`]);
  }
}
