/** A function, or all of them, as a Worker: module syntax, `fetch(request, env, context)`. */
import type { FunctionApp } from '../../lib/http/function.ts';
import type { Background } from '../core/background.ts';
import type { Bindings } from '../core/environment.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';
import type { createPermits } from './permits.ts';
import type { createScheduledRun } from './scheduled.ts';

interface WorkerContext {
  readonly waitUntil: Background;
}

interface WorkerParts extends ServiceFactories {
  /** Where there is something to take turns at. */
  readonly createPermits?: typeof createPermits;
  /** Where the scheduler asks for something. */
  readonly createScheduledRun?: typeof createScheduledRun;
}

export function toWorker(app: FunctionApp, { createPermits, createScheduledRun, ...parts }: WorkerParts) {
  const host = createHost(app, parts, {
    connections: 4,
    opensForEachRequest: true,
    // Four times twenty is less than the hundred connections that Postgres allows as it is installed.
    permits: createPermits?.({ clientsAtOnce: 20 }),
    providesClientAddress: true,
  });
  const runScheduled = createScheduledRun?.(app, host.answer);
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
    ...(runScheduled && {
      scheduled: (_: unknown, env: Bindings, context: WorkerContext) =>
        runScheduled(env, toBackground(context)),
    }),
  };
}
