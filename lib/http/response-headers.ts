/**
 * What every response says besides what its function does. It is kept as a plain object as long as it goes: on Node, making a `Headers`
 * of it and a plain object of that again costs as much as all the rest of a small answer.
 */

/** By names in lower case. */
export type ResponseHeaders = Record<string, string>;

/** A host's own response, which takes headers without a `Headers`. */
export interface HeaderSink {
  readonly addHeaders: (headers: Readonly<ResponseHeaders>) => void;
}

export function createResponseHeaders(requestId: string): ResponseHeaders {
  return {
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  };
}

/** What a function may say otherwise. */
const own = new Set(['referrer-policy', 'content-security-policy', 'cache-control']);

/** A header that a response has already, together with ours of the same name. */
export function combineHeader(name: string, present: string, added: string): string {
  if (name === 'vary') return `${present}, ${added}`;
  return own.has(name) ? present : added;
}
