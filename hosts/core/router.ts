/** All functions in one app, each as it would answer alone. */
import type { Context, Handler, Hono } from 'hono';
import { Hono as FullHono } from 'hono';
import { andThen, type Awaitable, settle } from '../../lib/core/awaitable.ts';
import { type FunctionApp, handleError, surround } from '../../lib/http/function.ts';
import { rulesKey, rulesOf } from '../../lib/http/guard.ts';
import type { FunctionEnv } from '../../lib/http/services.ts';

/** Routes are copied and not mounted by `route()`, which would give each of them an error handler of its own. */
export function createRouter(functions: Iterable<Pick<FunctionApp, 'routes'>>): Hono<FunctionEnv> {
  const router = surround(new FullHono<FunctionEnv>());
  for (const { routes } of functions) {
    const [first, second, ...others] = routes;
    const rules = first && rulesOf(first.handler);
    if (rules && second && others.length === 0) {
      // Whoever asks the router for the rules of a route finds them as in the function alone (scheduled.ts).
      const joined = Object.assign(join(first.handler as Guard, second.handler), { [rulesKey]: rules });
      router.on(first.method, first.path, joined);
    } else for (const { method, path, handler } of routes) router.on(method, path, handler);
  }
  return router;
}

/** What `guard` makes, of which Hono's types don't say that it may be done at once. */
type Guard = (c: Context<FunctionEnv>, next: () => Awaitable<void>) => Awaitable<void>;

/** Both as one handler: between two of them Hono waits, whether or not there is anything to wait for. */
function join(guarded: Guard, handler: Handler<FunctionEnv>): Handler<FunctionEnv> {
  return (c) => {
    const passed = guarded(c, () => {
      const answered = settle<Response | undefined>(() => handler(c, () => Promise.resolve()));
      // As Hono does, before the guard settles what the request was charged: by the status it is answered with. What was thrown
      // tells the rule of idempotency whether anything was done.
      return andThen(answered, (settled) => {
        if (settled.refused) c.error = settled.refusal as Error;
        const response = settled.refused ? handleError(settled.refusal, c) : settled.value;
        if (!response) throw new TypeError('the handler answered nothing');
        c.res = response;
      });
    });
    return andThen(passed, () => c.res);
  };
}
