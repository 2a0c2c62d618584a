/**
 * The password algorithm of every host: scrypt (RFC 7914) with N = 2^14, r = 8, p = 5, one of OWASP's equivalents
 * of its minimum, from `node:crypto`, which Node, workerd, Deno and Bun all have natively. N * r * p stays under
 * the 2^20 that workerd allows.
 */
import { randomBytes, scrypt as derive, timingSafeEqual } from 'node:crypto';
import { type PasswordAlgorithm, toBase64 } from './password.ts';

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
  const [, ln, r, p, salt = '', key = ''] = match;
  const costs = { ln: Number(ln), r: Number(r), p: Number(p) };
  if (2 ** costs.ln * costs.r * costs.p > maximumCost || costs.r * costs.p === 0) return undefined;
  return { salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64'), costs };
}

function deriveKey(password: string, salt: Buffer, length: number, { ln, r, p }: Costs): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: 2 ** ln, r, p, maxmem: 2 * 128 * 2 ** ln * r };
    derive(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
