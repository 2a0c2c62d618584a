/** Endpoints whose caller is the platform's own scheduler (`lib/http/scheduler.ts`), which has its own way of calling on each platform. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { rulesOf } from '../../lib/http/guard.ts';
import type { Bindings } from './environment.ts';

/** The paths of such endpoints; they all take a POST without a body. */
export function findScheduledPaths(app: FunctionApp): ReadonlySet<string> {
  const scheduled = app.routes.filter(({ handler }) => rulesOf(handler)?.caller.name === 'scheduler');
  return new Set(scheduled.map(({ path }) => path));
}

/** What a scheduler would send, on a platform whose own sends no request. */
export function createScheduledRequest(path: string, { PUBLIC_URL, CRON_SECRET }: Bindings): Request {
  const headers = { Authorization: `Bearer ${String(CRON_SECRET)}` };
  return new Request(new URL(path, String(PUBLIC_URL)), { method: 'POST', headers });
}
