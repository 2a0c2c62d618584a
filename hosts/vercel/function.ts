/** A function, or all of them, on Vercel's Node runtime: `export default { fetch }`. */
import type { FunctionApp } from '../../lib/http/function.ts';
import type { Background } from '../core/background.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';
import { findScheduledPaths } from '../core/scheduled.ts';

/** What `waitUntil` of `@vercel/functions` looks into. */
const contextKey = Symbol.for('@vercel/request-context');

interface RequestContext {
  readonly get?: () => { readonly waitUntil?: Background } | undefined;
}

export function toVercelFunction(app: FunctionApp, parts: ServiceFactories) {
  const host = createHost(app, parts, { connections: 4, providesClientAddress: true });
  const scheduledPaths = findScheduledPaths(app);
  return {
    fetch: async (asked: Request): Promise<Response> => {
      // Vercel's scheduler knows no other method; it sends CRON_SECRET, which the endpoint asks for as it does of everybody.
      const isScheduled = asked.method === 'GET' && scheduledPaths.has(new URL(asked.url).pathname);
      const request = isScheduled ? new Request(asked, { method: 'POST' }) : asked;
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
