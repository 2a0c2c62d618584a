/** A function, or all of them, on Netlify Functions 2: `export default (request, context)` and a `config` beside it. */
import type { FunctionApp } from '../../lib/http/function.ts';
import type { Background } from '../core/background.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';

interface NetlifyContext {
  readonly ip: string;
  readonly waitUntil?: Background;
}

export function toNetlifyFunction(app: FunctionApp, parts: ServiceFactories) {
  const host = createHost(app, parts, { connections: 2, providesClientAddress: true });
  return async (request: Request, context: NetlifyContext): Promise<Response> => {
    const pending: Promise<unknown>[] = [];
    const response = await host.answer(request, process.env, {
      peerAddress: context.ip,
      background: (work) => (context.waitUntil ? context.waitUntil(work) : pending.push(work)),
    });
    await Promise.allSettled(pending);
    return response;
  };
}
