/** Requests of simulated callers, each from an address of its own, over connections that stay. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
}

export interface Answered {
  readonly status: number;
  readonly answer: string;
}

export const browserName = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0)';

export interface Asker {
  /** @param address that a proxy before the router would have vouched for */
  readonly ask: (question: Question, address: string) => Promise<Answered>;
  readonly close: () => void;
}

/** @param url of a router that trusts one proxy */
export function createAsker(url: string, { maxSockets }: { readonly maxSockets: number }): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets });
  return {
    ask: async ({ method = 'GET', path, body, token }, address) => {
      const sent = request(`${url}${path}`, {
        method,
        agent,
        headers: {
          'X-Forwarded-For': address,
          'User-Agent': browserName,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        },
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: response.statusCode ?? 0, answer: await text(response) };
    },
    close: () => agent.destroy(),
  };
}

/** The nth address of 10.0.0.0/8. */
export function toAddress(nth: number): string {
  return `10.${(nth >> 16) & 255}.${(nth >> 8) & 255}.${nth & 255}`;
}
