/** A function, or all of them, on Vercel's Node runtime: `export default { fetch }`. */
import type { FunctionApp } from '../../lib/http/function.ts';
import type { Background } from '../core/background.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';
import type { createScheduledReading } from './scheduled.ts';

/** What `waitUntil` of `@vercel/functions` looks into. */
const contextKey = Symbol.for('@vercel/request-context');

interface RequestContext {
  readonly get?: () => { readonly waitUntil?: Background } | undefined;
}

/** What is bundled only where the scheduler asks for something. */
interface VercelParts extends ServiceFactories {
  readonly createScheduledReading?: typeof createScheduledReading;
}

export function toVercelFunction(app: FunctionApp, { createScheduledReading, ...parts }: VercelParts) {
  const host = createHost(app, parts, { connections: 4, providesClientAddress: true });
  const read = createScheduledReading?.(app);
  return {
    fetch: async (asked: Request): Promise<Response> => {
      const request = read?.(asked) ?? asked;
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
