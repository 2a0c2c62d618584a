/** Writes what Redis replied: as JSON, as JSON with base64 strings, or as RESP2 again. */
import { ErrorReply } from '@redis/client';

/**
 * A string is an integer's digits (a JavaScript number would round beyond 2^53), or a status in RESP2. Read as `values`, it is a
 * string, and a number is an integer, which the client rounds near 2^53 and beyond.
 */
export type Reply = null | string | number | Buffer | ErrorReply | readonly Reply[];

export type Format = 'json' | 'base64' | 'resp2';

/** What a reply is read as: for a format that it is passed on in, or as the language's own values by who asked in this process. */
export type ReadAs = Format | 'values';

/** `{"result": ...}`, or `{"error": ...}` for an error. `format` is `json` or `base64`. */
export function toJson(reply: Reply | Error, format: Format): string {
  return reply instanceof Error
    ? `{"error":${JSON.stringify(reply.message)}}`
    : `{"result":${toJsonValue(reply, format)}}`;
}

function toJsonValue(reply: Reply, format: Format): string {
  if (typeof reply === 'string') return reply;
  if (typeof reply === 'number') return String(reply);
  if (reply === null) return 'null';
  if (Buffer.isBuffer(reply)) {
    // Clients look for a bare OK, so base64 leaves it alone.
    return format === 'base64' && !isOk(reply)
      ? `"${reply.toString('base64')}"`
      : JSON.stringify(reply.toString());
  }
  if (reply instanceof ErrorReply) return JSON.stringify(reply.message);
  return `[${reply.map((item) => toJsonValue(item, format)).join(',')}]`;
}

function isOk(reply: Buffer): boolean {
  return reply.length === 2 && reply[0] === 0x4f && reply[1] === 0x4b;
}

/** The bytes a RESP2 server would have sent. */
export function toResp2(reply: Reply | Error): Buffer {
  if (reply === null) return Buffer.from('$-1\r\n');
  if (Buffer.isBuffer(reply)) {
    return Buffer.concat([Buffer.from(`$${reply.length}\r\n`), reply, Buffer.from('\r\n')]);
  }
  if (reply instanceof Error) return Buffer.from(`-${reply.message}\r\n`);
  if (typeof reply === 'number') return Buffer.from(`:${reply}\r\n`);
  // Digits alone are an integer: no status of Redis is made of them.
  if (typeof reply === 'string') return Buffer.from(`${/^-?\d+$/.test(reply) ? ':' : '+'}${reply}\r\n`);
  return Buffer.concat([Buffer.from(`*${reply.length}\r\n`), ...reply.map(toResp2)]);
}
