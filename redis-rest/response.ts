/** Writes a response: a status, a few headers and a whole body. */
import type { ServerResponse } from 'node:http';

type Headers = Readonly<Record<string, string>>;

export function sendJson(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Headers = {},
): void {
  send(response, status, 'application/json', body, headers);
}

/** Responds to HEAD too: Node leaves the body out and keeps its length. */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Buffer,
  headers: Headers,
): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
