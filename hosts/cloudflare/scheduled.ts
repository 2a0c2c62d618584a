/** Cron triggers, for a Worker that has an endpoint for them. */
import type { FunctionApp } from '../../lib/http/function.ts';
import type { Background } from '../core/background.ts';
import type { Bindings } from '../core/environment.ts';
import type { Host } from '../core/host.ts';
import { createScheduledRequest, findScheduledPaths } from '../core/scheduled.ts';

/** @returns what asks each such endpoint, and throws what Cloudflare then shows as a failed run */
export function createScheduledRun(app: FunctionApp, answer: Host['answer']) {
  const paths = findScheduledPaths(app);
  return async (env: Bindings, background: Background): Promise<void> => {
    for (const path of paths) {
      const invocation = { peerAddress: '::1', background };
      const response = await answer(createScheduledRequest(path, env), env, invocation);
      if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
    }
  };
}
