/** A function, or all of them, for `deno serve` and Deno Deploy: `export default { fetch }`. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { createDrain } from '../core/drain.ts';
import type { Bindings } from '../core/environment.ts';
import { createHost, type ServiceFactories } from '../core/host.ts';

declare const Deno: {
  readonly env: { readonly toObject: () => Bindings };
  readonly addSignalListener: (signal: 'SIGTERM', listener: () => void) => void;
  readonly exit: (code: number) => never;
};

export function toDenoServer(app: FunctionApp, parts: ServiceFactories) {
  const host = createHost(app, parts, { connections: 10, providesClientAddress: false });
  const { follow, background, stop } = createDrain(host, () => Deno.exit(0));
  // Without it an open connection to Postgres keeps Deno alive until it is killed.
  Deno.addSignalListener('SIGTERM', () => void stop());
  let bindings: Bindings | undefined;
  return {
    fetch: (request: Request, { remoteAddr }: { remoteAddr: { hostname?: string } }) => {
      bindings ??= Deno.env.toObject();
      return follow(host.answer(request, bindings, { peerAddress: remoteAddr.hostname ?? '', background }));
    },
  };
}
