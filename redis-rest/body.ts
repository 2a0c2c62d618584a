/** Reads a request's body, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { Rejection } from './rejection.ts';

/**
 * What comes of a body that is too large is read and dropped, because a client that is still sending would not see
 * our response on a connection that we cut.
 *
 * @throws {Rejection} 413 as soon as the body is known to be larger than `maxBytes`
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(toTooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        chunks = undefined;
        reject(toTooLarge(maxBytes));
      } else if (first === undefined) first = chunk;
      else if (chunks === undefined) chunks = [first, chunk];
      else chunks.push(chunk);
    });
    request.on('end', () => {
      resolve(chunks === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}

function toTooLarge(maxBytes: number): Rejection {
  return new Rejection(413, `ERR the body is too large: at most ${maxBytes} bytes are read`);
}
