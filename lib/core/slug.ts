/** The part of an address that a name makes: small letters, digits and single hyphens. */

/** Readable, and unique by its tail, so that no second try is ever needed. */
export function createSlug(name: string): string {
  const readable = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  const tail = Buffer.from(crypto.getRandomValues(new Uint8Array(5))).toString('hex');
  return readable === '' ? tail : `${readable}-${tail}`;
}
