/** Asks a QUIC server which versions it speaks (RFC 9000, section 6), which needs no cryptography. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Reserved so that no server knows it (RFC 9000, section 15): it answers with those that it does know. */
const unknownVersion = 0x1a2a3a4a;
/** A server need not answer to less (section 14.1). */
const smallestDatagram = 1200;

/** @throws if no answer comes within five seconds */
export async function askQuicVersions(port: number): Promise<readonly number[]> {
  const id = randomBytes(8);
  const header = Buffer.alloc(5);
  header.writeUInt8(0xc0);
  header.writeUInt32BE(unknownVersion, 1);
  const ids = Buffer.concat([Buffer.of(id.length), id, Buffer.of(id.length), id]);
  const padding = Buffer.alloc(smallestDatagram - header.length - ids.length);
  const socket = createSocket('udp4');
  try {
    socket.send(Buffer.concat([header, ids, padding]), port, '127.0.0.1');
    const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(5000) })) as [Buffer];
    return readVersions(answer);
  } finally {
    socket.close();
  }
}

/** Section 17.2.1: both connection ids, then the versions. */
function readVersions(answer: Buffer): readonly number[] {
  if (answer.readUInt32BE(1) !== 0) throw new Error('not a version negotiation');
  const source = 6 + answer.readUInt8(5);
  const versions: number[] = [];
  for (let at = source + 1 + answer.readUInt8(source); at + 4 <= answer.length; at += 4)
    versions.push(answer.readUInt32BE(at));
  return versions;
}
