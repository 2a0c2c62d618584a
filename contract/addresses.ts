/** One in 198.18.0.0/15 (RFC 2544) for each text, the same in every run: limits of one step are not met by another. */
export function toAddress(text: string): string {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 131_072;
  return `198.${18 + (hash >> 16)}.${(hash >> 8) & 255}.${hash & 255}`;
}
