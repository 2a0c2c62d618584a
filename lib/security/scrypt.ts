/**
 * The password algorithm of every host: scrypt (RFC 7914) with N = 2^14, r = 8, p = 5, one of OWASP's equivalents
 * of its minimum, from `node:crypto`, which Node, workerd, Deno and Bun all have natively. N * r * p stays under
 * the 2^20 that workerd allows.
 */
import { randomBytes, scrypt as derive, timingSafeEqual } from 'node:crypto';
import { parseBase64, toBase64 } from '../core/base64.ts';
import type { PasswordAlgorithm } from './password.ts';

const prefix = '$scrypt$ln=14,r=8,p=5$';
const maximumCost = 2 ** 20;

export const scrypt: PasswordAlgorithm = {
  id: 'scrypt',
  prefix,
  hash: async (password) => {
    const salt = randomBytes(16);
    return `${prefix}${toBase64(salt)}$${toBase64(await deriveKey(password, salt, 32, { ln: 14, r: 8, p: 5 }))}`;
  },
  verify: async (password, phc) => {
    const parsed = parse(phc);
    if (!parsed) return false;
    const { salt, key, costs } = parsed;
    return timingSafeEqual(await deriveKey(password, salt, key.length, costs), key);
  },
};

interface Costs {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

function parse(phc: string): { salt: Buffer; key: Buffer; costs: Costs } | undefined {
  const match = phc.match(
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]{11,86})\$([\w+/]{22,86})$/,
  );
  if (!match) return undefined;
  const costs = { ln: Number(match[1]), r: Number(match[2]), p: Number(match[3]) };
  const [salt, key] = [match[4], match[5]].map((text = '') => parseBase64(text));
  return salt && key && isAffordable(costs) ? { salt, key, costs } : undefined;
}

/** RFC 7914, section 2: r and p are positive, N is more than 1 and less than 2^(128 * r / 8). */
function isAffordable({ ln, r, p }: Costs): boolean {
  return r > 0 && p > 0 && ln > 0 && ln < 16 * r && 2 ** ln * r * p <= maximumCost;
}

function deriveKey(password: string, salt: Buffer, length: number, { ln, r, p }: Costs): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: 2 ** ln, r, p, maxmem: 2 * 128 * r * (2 ** ln + p + 2) };
    derive(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
