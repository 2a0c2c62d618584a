/** Workers in workerd: an isolate and a socket each, with bindings as `wrangler deploy` would give them. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Worker {
  readonly name: string;
  /** Its module. */
  readonly file: string;
  /** Other Workers by the names that this one calls them by. */
  readonly services?: Readonly<Record<string, string>>;
  /** Whether it may call more of them than `fetch`, which workerd calls experimental. */
  readonly callsHandlers?: boolean;
}

const text = (value: string) => JSON.stringify(value);

/**
 * Writes a configuration whose sockets have the names of the Workers, each at a port that is free.
 *
 * @param trusted the file of a certificate that is trusted beside those of browsers
 */
export function writeWorkerdConfig(
  config: string,
  workers: readonly Worker[],
  env: Readonly<Record<string, string>>,
  trusted?: string,
): void {
  const texts = Object.entries(env).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`);
  const services = workers.map(({ name, file, services: others = {}, callsHandlers }) => {
    const bindings = Object.entries(others).map(
      ([binding, service]) => `(name = ${text(binding)}, service = ${text(service)})`,
    );
    return `(name = ${text(name)}, worker = (
      modules = [${toModules(file, dirname(config)).join(', ')}],
      compatibilityDate = "2026-11-01", compatibilityFlags = [${['nodejs_compat', ...(callsHandlers ? ['service_binding_extra_handlers'] : [])].map(text).join(', ')}],
      bindings = [${[...texts, ...bindings].join(', ')}]))`;
  });
  const sockets = workers.map(
    ({ name }) => `(name = ${text(name)}, address = "127.0.0.1:0", http = (), service = ${text(name)})`,
  );
  // Postgres and Redis are on this machine, where a Worker may not look unless it is told so.
  const certificates = trusted === undefined ? '' : text(readFileSync(trusted, 'utf8'));
  const tls = `tlsOptions = (trustBrowserCas = true, trustedCertificates = [${certificates}])`;
  const internet = `(name = "internet", network = (allow = ["public", "local", "private"], ${tls}))`;
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${[internet, ...services].join(',\n')}],
  sockets = [${sockets.join(',\n')}]
);
`,
  );
}

/** A Worker's module, which comes first, and those that stand beside it. */
export function toModules(file: string, from: string): readonly string[] {
  const folder = dirname(file);
  const beside = readdirSync(folder).filter((name) => name.endsWith('.mjs') && name !== basename(file));
  const paths = [['index.mjs', file], ...beside.map((name) => [name, join(folder, name)])] as const;
  return paths.map(
    ([name = '', path = '']) => `(name = ${text(name)}, esModule = embed ${text(relative(from, path))})`,
  );
}

/** workerd tells every socket on its control channel, the third descriptor, when it listens. */
export async function readSockets(child: ChildProcess, wanted: number): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  for await (const line of createInterface(child.stdio[3] as Readable)) {
    const { event, socket, port } = JSON.parse(line) as { event: string; socket: string; port: number };
    if (event === 'listen') ports.set(socket, port);
    if (ports.size === wanted) return ports;
  }
  throw new Error('ended without a port');
}
