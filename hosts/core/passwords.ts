/**
 * The passwords of a bundle, which can hold no native add-on. Where `node:crypto` has Argon2id (Node 24.7, Bun)
 * it hashes; elsewhere scrypt does, and Argon2id in plain JavaScript only verifies what another host stored.
 */
import * as nodeCrypto from 'node:crypto';
import { toBase64 } from '../../lib/core/base64.ts';
import type { Environment } from '../../lib/core/env.ts';
import type { Log } from '../../lib/core/log.ts';
import { createPasswordHasher, type PasswordAlgorithm, type Passwords } from '../../lib/security/password.ts';
import { scrypt } from '../../lib/security/scrypt.ts';
import { createBreachCheck } from './breach-check.ts';
import { type Argon2idHash, costs, parseArgon2id, prefix } from './argon2id-costs.ts';

interface Argon2Parameters {
  readonly message: Uint8Array;
  readonly nonce: Uint8Array;
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
}

type NativeArgon2 = (
  algorithm: 'argon2id',
  parameters: Argon2Parameters,
  callback: (error: Error | null, tag: Buffer) => void,
) => void;

// Newer than the oldest Node whose types we check against.
const native = Reflect.get(nodeCrypto, 'argon2') as NativeArgon2 | undefined;

type Costs = Pick<Argon2idHash, 'memory' | 'passes' | 'lanes'>;

async function derive(password: string, salt: Buffer, length: number, wanted: Costs): Promise<Uint8Array> {
  const { memory, passes, lanes } = wanted;
  const message = Buffer.from(password);
  if (!native) {
    // Loaded only here: where scrypt hashes, hardly anybody has a password that another host has stored.
    const { deriveInPlainJavaScript } = await import('./plain-argon2id.ts');
    return deriveInPlainJavaScript(message, salt, length, wanted);
  }
  return new Promise((resolve, reject) => {
    const parameters = { message, nonce: salt, memory, passes, parallelism: lanes, tagLength: length };
    native('argon2id', parameters, (error, tag) => {
      if (error) reject(error);
      else resolve(tag);
    });
  });
}

const argon2id: PasswordAlgorithm = {
  id: 'argon2id',
  prefix,
  hash: async (password) => {
    const salt = nodeCrypto.randomBytes(16);
    const { memoryCost: memory, timeCost: passes, parallelism: lanes } = costs;
    const tag = await derive(password, salt, 32, { memory, passes, lanes });
    return `${prefix}${toBase64(salt)}$${toBase64(tag)}`;
  },
  verify: async (password, phc) => {
    const parsed = parseArgon2id(phc);
    if (!parsed) return false;
    return nodeCrypto.timingSafeEqual(
      await derive(password, parsed.salt, parsed.tag.length, parsed),
      parsed.tag,
    );
  },
};

/**
 * What makes passwords, each with a queue of its own, which belongs to one request where requests can't wait for each other.
 * Whoever waits there holds memory that these hosts have little of: a short queue, then 503.
 */
export function preparePasswords(environment: Environment, log: Log): () => Passwords {
  const isBreached = createBreachCheck(environment, log);
  return () => ({
    ...createPasswordHasher(native ? [argon2id, scrypt] : [scrypt, argon2id], { concurrency: 2, queue: 16 }),
    // Loaded only here: who signs in sets no password.
    isCommon: async (password) => {
      const { isCommonPassword } = await import('../../lib/security/common-passwords.ts');
      return isCommonPassword(password);
    },
    isBreached,
  });
}
