/** A Blockbot that listens, for clients of its API: it tells what they have asked, and answers otherwise when it is told to. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after } from 'node:test';
import { getRequestListener } from '@hono/node-server';
import { createRouter } from '../../hosts/core/router.ts';
import { functions, type TestBlockbot } from './blockbot.ts';
import { documented } from './documented.ts';
import { originOf } from './program.ts';
import { createSignal } from './signal.ts';

export interface ServedBlockbot {
  readonly url: string;
  /** Method and path of every request so far, preflights apart. */
  readonly asked: string[];
  /** What the last request to this path brought along. */
  readonly lastBody: (path: string) => unknown;
  /** Where requests come from; each from another address unless told, so that no limit is met by accident. */
  address: string | undefined;
  /** Asked before the router is, which answers when this does not; undefined to leave all to the router. */
  answer: ((request: Request) => Response | undefined | Promise<Response | undefined>) | undefined;
}

/** Closed by itself when the test file ends. */
export async function serve({ services }: Pick<TestBlockbot, 'services'>): Promise<ServedBlockbot> {
  const router = createRouter(functions.values());
  const asked: string[] = [];
  const bodies = new Map<string, string>();
  const listener = getRequestListener(async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'OPTIONS') {
      asked.push(`${request.method} ${pathname}`);
      bodies.set(pathname, await request.clone().text());
    }
    return (
      (await served.answer?.(request)) ??
      documented(
        request.method,
        request.url,
        await router.fetch(request, { ...services, peerAddress: served.address ?? nextAddress() }),
      )
    );
  });
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  const served: ServedBlockbot = {
    url: originOf(server),
    asked,
    lastBody: (path) => JSON.parse(bodies.get(path) ?? 'null') as unknown,
    address: undefined,
    answer: undefined,
  };
  return served;
}

/**
 * Holds back what the next request to a path is answered: the answer is made at once, and goes out when it is told to.
 *
 * @param ending of its address
 */
export function holdBack(served: ServedBlockbot, ending: string) {
  const [answered, handedOut] = [createSignal(), createSignal()];
  served.answer = async (request) => {
    if (request.method === 'OPTIONS' || !request.url.endsWith(ending)) return undefined;
    served.answer = undefined;
    const answer = await fetch(request.clone());
    answered.give();
    await handedOut.given;
    return new Response(answer.body, answer);
  };
  return { answered: answered.given, handOut: handedOut.give };
}

let addresses = 0;
const nextAddress = () => `10.9.${(addresses >> 8) & 255}.${addresses++ & 255}`;
