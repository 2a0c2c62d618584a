/** Snappy's block format, read only (https://github.com/google/snappy/blob/main/format_description.txt). */

export function readSnappy(bytes: Buffer): Buffer {
  let at = 0;
  const readNumber = (length: number): number => {
    const value = bytes.readUIntLE(at, length);
    at += length;
    return value;
  };

  let total = 0;
  for (let shift = 0, more = true; more; shift += 7) {
    const byte = readNumber(1);
    total += (byte & 0x7f) * 2 ** shift;
    more = byte >= 0x80;
  }
  const text = Buffer.alloc(total);
  let end = 0;

  function copyLiteral(size: number): void {
    const length = (size < 60 ? size : readNumber(size - 59)) + 1;
    bytes.copy(text, end, at, at + length);
    at += length;
    end += length;
  }

  /** One byte at a time, since it may overlap with what it writes. */
  function copyBack(length: number, offset: number): void {
    for (const stop = end + length; end < stop; end++) text[end] = text[end - offset] ?? 0;
  }

  while (at < bytes.length) {
    const tag = readNumber(1);
    const [kind, upper] = [tag & 3, tag >> 2];
    if (kind === 0) copyLiteral(upper);
    else if (kind === 1) copyBack((upper & 7) + 4, ((tag >> 5) << 8) + readNumber(1));
    else copyBack(upper + 1, readNumber(kind === 2 ? 2 : 4));
  }
  return text;
}
