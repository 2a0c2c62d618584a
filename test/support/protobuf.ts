/** The wire format of protobuf, without a schema (https://protobuf.dev/programming-guides/encoding/). */

/** Numbers of eight bytes as floating point hold as much of them as a test asks for. */
export type Field = number | Buffer;

/** The values of each field, by its number. */
export function readMessage(bytes: Buffer): ReadonlyMap<number, readonly Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;

  function readVarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  function readField(wireType: number): Field {
    if (wireType === 0) return readVarint();
    const length = wireType === 2 ? readVarint() : wireType === 1 ? 8 : 4;
    at += length;
    return bytes.subarray(at - length, at);
  }

  while (at < bytes.length) {
    const tag = readVarint();
    const number = Math.floor(tag / 8);
    fields.set(number, [...(fields.get(number) ?? []), readField(tag % 8)]);
  }
  return fields;
}
