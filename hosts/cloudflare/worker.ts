/** A function, or all of them, as a Worker: module syntax, `fetch(request, env, context)`. */
import type { Hono } from 'hono';
import type { FunctionEnv } from '../../lib/services.ts';
import type { Variables } from '../environment.ts';
import { type Background, createHost, type Parts } from '../host.ts';

export function toWorker(app: Hono<FunctionEnv>, parts: Parts) {
  const host = createHost(app, parts, { connections: 4, clientPerRequest: true, addressed: true });
  return {
    fetch: (request: Request, env: Variables, context: { waitUntil: Background }) =>
      host.answer(request, env, {
        // Cloudflare writes it over whatever a caller sent.
        peerAddress: request.headers.get('cf-connecting-ip') ?? '',
        background: (work) => {
          context.waitUntil(work);
        },
      }),
  };
}
