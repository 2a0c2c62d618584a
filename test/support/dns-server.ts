/** A name server on loopback that answers what a test tells it (RFC 1035), over UDP as resolvers ask. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

const types = { 1: 'A', 16: 'TXT', 28: 'AAAA', 257: 'CAA' } as const;

/** `'A api.test'` -> addresses, `'TXT example.test'` -> texts, `'CAA example.test'` -> issuers. */
export type Records = Readonly<Record<string, readonly string[]>>;

export async function startDnsServer(records: Records): Promise<{ address: string; close: () => void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { address, port }) => socket.send(answer(query, records), port, address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}

function answer(query: Buffer, records: Records): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const number = query.readUInt16BE(at + 1);
  const type = types[number as keyof typeof types];
  const name = labels.join('.').toLowerCase();
  const found = records[`${type} ${name}`] ?? [];
  const known = Object.keys(records).some((key) => key.endsWith(` ${name}`));
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // An answer with recursion, and NXDOMAIN for a name that has nothing at all.
  header.writeUInt16BE(0x8180 | (known ? 0 : 3), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  const answers = found.map((value) => {
    const data = toData(type, value);
    const fields = Buffer.alloc(12);
    fields.writeUInt16BE(0xc00c, 0);
    fields.writeUInt16BE(number, 2);
    fields.writeUInt16BE(1, 4);
    fields.writeUInt16BE(data.length, 10);
    return Buffer.concat([fields, data]);
  });
  return Buffer.concat([header, query.subarray(12, at + 5), ...answers]);
}

function toData(type: string | undefined, value: string): Buffer {
  if (type === 'A') return Buffer.from(value.split('.').map(Number));
  if (type === 'TXT') return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  // Flags, the length of the tag, the tag, the value (RFC 8659, section 4.1).
  if (type === 'CAA') return Buffer.concat([Buffer.from([0, 5]), Buffer.from(`issue${value}`)]);
  return toIpv6(value);
}

function toIpv6(address: string): Buffer {
  if (isIPv4(address)) throw new TypeError(`${address} is no IPv6 address`);
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const zeros = Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => '0');
  const data = Buffer.alloc(16);
  [...groups(head), ...zeros, ...groups(tail)].forEach((group, nth) => {
    data.writeUInt16BE(Number.parseInt(group, 16), 2 * nth);
  });
  return data;
}
