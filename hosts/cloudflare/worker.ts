/** A function, or all of them, as a Worker: module syntax, `fetch(request, env, context)`. */
import type { Hono } from 'hono';
import type { FunctionEnv } from '../../lib/services.ts';
import type { Variables } from '../environment.ts';
import { type Background, createHost, type Parts } from '../host.ts';
import { createIsolate } from './isolate.ts';

export function toWorker(app: Hono<FunctionEnv>, parts: Parts) {
  // Four times twenty is less than the hundred connections that Postgres allows as it is installed.
  const isolate = createIsolate({ clientsAtOnce: 20 });
  const host = createHost(app, parts, { connections: 4, isolate, addressed: true });
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
