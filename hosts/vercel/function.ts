/** A function, or all of them, on Vercel's Node runtime: `export default { fetch }`. */
import type { Hono } from 'hono';
import type { FunctionEnv } from '../../lib/services.ts';
import { type Background, createHost, type Parts } from '../host.ts';

/** What `waitUntil` of `@vercel/functions` looks into. */
const contextKey = Symbol.for('@vercel/request-context');

interface RequestContext {
  readonly get?: () => { readonly waitUntil?: Background } | undefined;
}

export function toVercelFunction(app: Hono<FunctionEnv>, parts: Parts) {
  const host = createHost(app, parts, { connections: 4, addressed: true });
  return {
    fetch: async (request: Request): Promise<Response> => {
      const context = Reflect.get(globalThis, contextKey) as RequestContext | undefined;
      const waitUntil = context?.get?.()?.waitUntil;
      const pending: Promise<unknown>[] = [];
      const response = await host.answer(request, process.env, {
        // Vercel writes it over whatever a caller sent.
        peerAddress: request.headers.get('x-vercel-forwarded-for')?.split(',').at(-1)?.trim() ?? '',
        background: waitUntil ?? ((work) => pending.push(work)),
      });
      await Promise.allSettled(pending);
      return response;
    },
  };
}
