/** A function, or all of them, as a Node process of its own: `node FILE`, behind a proxy or beside the router. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { logFailures } from '../core/background.ts';
import { type ServiceFactories, prepare } from '../core/host.ts';
import { listen } from './server.ts';
import { exitOnStartError } from './start-error.ts';
import type { startUsageWriter } from './usage-writer.ts';

interface NodeParts extends ServiceFactories {
  /** Where there are API keys to count the use of. */
  readonly startUsageWriter?: typeof startUsageWriter;
}

export async function serve(app: FunctionApp, parts: NodeParts): Promise<void> {
  await start(app, parts).catch(exitOnStartError);
}

async function start(app: FunctionApp, { startUsageWriter, ...parts }: NodeParts): Promise<void> {
  const { environment, log, open } = await prepare(process.env, parts, {
    connections: 10,
    providesClientAddress: false,
  });
  const working = new Set<Promise<unknown>>();
  const background = logFailures((work) => {
    working.add(work);
    void work.finally(() => working.delete(work));
  }, log);
  const { toServices, close } = open(background);
  const services = toServices(background);
  const server = await listen(app, services, { host: environment.HOST, port: environment.PORT });
  const { database, apiKeys } = services;
  const usageWriter = database && apiKeys && startUsageWriter?.({ database, usage: apiKeys.usage, log });
  log.info('listening', { address: server.address.address, port: server.address.port });

  process.once('SIGTERM', () => {
    const production = environment.NODE_ENV === 'production';
    void server
      .drain(environment.DRAIN_DELAY_MS ?? (production ? 5000 : 0))
      .then(() => Promise.all(working))
      .then(() => usageWriter?.stop())
      .then(close)
      .then(() => process.exit(0));
  });
}
