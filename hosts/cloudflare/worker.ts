/** A function, or all of them, as a Worker: module syntax, `fetch(request, env, context)`. */
import type { FunctionApp } from '../../lib/http/function.ts';
import type { Background } from '../core/background.ts';
import type { Bindings } from '../core/environment.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';
import { createScheduledRequest, findScheduledPaths } from '../core/scheduled.ts';
import type { createPermits } from './permits.ts';

interface WorkerContext {
  readonly waitUntil: Background;
}

/** What is bundled only where there is something to take turns at. */
interface WorkerParts extends ServiceFactories {
  readonly createPermits?: typeof createPermits;
}

export function toWorker(app: FunctionApp, { createPermits, ...parts }: WorkerParts) {
  const host = createHost(app, parts, {
    connections: 4,
    opensForEachRequest: true,
    // Four times twenty is less than the hundred connections that Postgres allows as it is installed.
    permits: createPermits?.({ clientsAtOnce: 20 }),
    providesClientAddress: true,
  });
  const scheduledPaths = findScheduledPaths(app);
  const toBackground =
    (context: WorkerContext): Background =>
    (work) => {
      context.waitUntil(work);
    };
  return {
    fetch: (request: Request, env: Bindings, context: WorkerContext) =>
      host.answer(request, env, {
        // Cloudflare writes it over whatever a caller sent.
        peerAddress: request.headers.get('cf-connecting-ip') ?? '',
        background: toBackground(context),
      }),
    ...(scheduledPaths.size > 0 && {
      scheduled: async (_: unknown, env: Bindings, context: WorkerContext) => {
        for (const path of scheduledPaths) {
          const invocation = { peerAddress: '::1', background: toBackground(context) };
          const response = await host.answer(createScheduledRequest(path, env), env, invocation);
          // What is thrown here is what Cloudflare shows as a failed run.
          if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
        }
      },
    }),
  };
}
