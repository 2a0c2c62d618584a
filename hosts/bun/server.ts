/** A function, or all of them, for `bun FILE`: the default export is what Bun serves. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { createDrain } from '../core/drain.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';

interface BunServer {
  readonly requestIP: (request: Request) => { readonly address: string } | null;
}

export function toBunServer(app: FunctionApp, parts: ServiceFactories) {
  const host = createHost(app, parts, { connections: 10, providesClientAddress: false });
  const { follow, background, stop } = createDrain(host, () => process.exit(0));
  process.on('SIGTERM', () => void stop());
  return {
    fetch: (request: Request, server: BunServer) =>
      follow(
        host.answer(request, process.env, {
          peerAddress: server.requestIP(request)?.address ?? '',
          background,
        }),
      ),
  };
}
