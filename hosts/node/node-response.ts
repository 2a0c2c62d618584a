/** Node's response, with headers that the adapter's `Response` does not have. */
import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import { combineHeader, type HeaderSink, type ResponseHeaders } from '../../lib/http/response-headers.ts';

type HeadersOfNode = OutgoingHttpHeaders | OutgoingHttpHeader[];

const none: Readonly<ResponseHeaders> = {};

export class NodeResponse<Request extends IncomingMessage = IncomingMessage>
  extends ServerResponse<Request>
  implements HeaderSink
{
  #added: Readonly<ResponseHeaders> = none;

  addHeaders(headers: Readonly<ResponseHeaders>): void {
    this.#added = headers;
  }

  override writeHead(status: number, reason?: string | HeadersOfNode, headers?: HeadersOfNode): this {
    if (typeof reason === 'string') return super.writeHead(status, reason, this.#combine(headers));
    return super.writeHead(status, this.#combine(reason));
  }

  /** Names and values in turn, the form that Node takes as it is. */
  #combine(own: HeadersOfNode = {}): HeadersOfNode {
    if (Array.isArray(own)) return own;
    const all: OutgoingHttpHeader[] = [];
    const combined: string[] = [];
    for (const name in own) {
      const value = own[name];
      if (value === undefined) continue;
      const lower = name.toLowerCase();
      const added = this.#added[lower];
      if (added !== undefined) combined.push(lower);
      all.push(name, added === undefined ? value : combineHeader(lower, String(value), added));
    }
    for (const name in this.#added) {
      if (!combined.includes(name)) all.push(name, this.#added[name] ?? '');
    }
    return all;
  }
}
