/** Cron jobs, for a function that has an endpoint for them. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { findScheduledPaths } from '../core/scheduled.ts';

/**
 * Vercel's scheduler knows no method but GET; it sends CRON_SECRET, which the endpoint asks for as it does of everybody.
 *
 * @returns what makes a POST of its request, and leaves every other one as it is
 */
export function createScheduledReading(app: FunctionApp) {
  const paths = findScheduledPaths(app);
  return (asked: Request): Request =>
    asked.method === 'GET' && paths.has(new URL(asked.url).pathname)
      ? new Request(asked, { method: 'POST' })
      : asked;
}
