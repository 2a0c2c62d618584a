/** What stands before the guard of a button on a page of organizations. */
import type { MiddlewareHandler } from 'hono';
import type { FunctionEnv } from '../http/services.ts';
import { refusedButtonPage } from './organization-refusal.ts';
import { page } from './page.ts';

/** @param home the page that the button is on */
export function organizationButton(home: string): MiddlewareHandler<FunctionEnv> {
  return page((c, refusal) => refusedButtonPage(c, refusal, home), home);
}
