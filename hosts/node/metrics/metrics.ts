/**
 * What Prometheus reads, on a port of its own that no proxy routes to (text format 0.0.4). A request only adds to
 * plain numbers; the library reads them, and whatever else can be asked for (pool, hash queue, outbox), at the scrape.
 */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DatabaseClient } from '../../../db/client.ts';
import type { ResponseRecord } from '../../../lib/http/services.ts';
import type { PasswordHasher } from '../../../lib/security/password.ts';
import type { RateLimitStore } from '../../../lib/rate-limit/store.ts';
import { countDecisions } from '../../core/counted-decisions.ts';
import { createOutboxBacklog, type OutboxBacklog } from '../../core/outbox-backlog.ts';
import { createRequestHistogram } from './request-histogram.ts';
import type { RateLimits } from '../../core/shared-rate-limits.ts';

/** What is measured. */
export interface MetricParts {
  readonly database: Pick<DatabaseClient, 'sql' | 'pool'>;
  readonly passwords: Pick<PasswordHasher, 'stats'>;
  readonly rateLimits: Pick<RateLimits, 'store' | 'state'>;
}

export interface Metrics {
  /** Stands in for the services of the same names. */
  readonly services: {
    readonly rateLimits: RateLimitStore;
    readonly onResponse: (answered: ResponseRecord) => void;
  };
  readonly address: AddressInfo;
  readonly close: () => void;
}

/**
 * @param options.revision of the sources, for `blockbot_build_info`
 * @throws when the address is in use or not ours
 */
export async function startMetrics(
  parts: MetricParts,
  { host, port, revision = 'unknown' }: { host: string; port: number; revision?: string | undefined },
): Promise<Metrics> {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  // Gauges with the suffix of a counter: `promtool check metrics` refuses them, and they are sums of those without it.
  for (const kind of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  new Gauge({
    name: 'blockbot_build_info',
    help: 'Always 1; the labels tell what runs.',
    labelNames: ['revision', 'node'],
    registers,
  }).set({ revision, node: process.versions.node }, 1);
  gaugeParts(parts, registers);
  const answers = createRequestHistogram();
  const toText = async () => (await registry.metrics()) + answers.toText();
  const server = createServer(answerFrom(toText, registry.contentType)).listen(port, host);
  await once(server, 'listening');
  return {
    services: {
      rateLimits: exposeDecisions(parts.rateLimits.store, registers),
      onResponse: answers.count,
    },
    address: server.address() as AddressInfo,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answerFrom(toText: () => Promise<string>, contentType: string): RequestListener {
  return ({ method, url }, outgoing) => {
    if (url !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) {
      outgoing.writeHead(url === '/metrics' ? 405 : 404, { Allow: 'GET, HEAD' }).end();
      return;
    }
    toText().then(
      (text) => outgoing.writeHead(200, { 'Content-Type': contentType }).end(text),
      () => outgoing.writeHead(500).end(),
    );
  };
}

function exposeDecisions(store: RateLimitStore, registers: Registry[]): RateLimitStore {
  const counts = new Map<string, number>();
  new Counter({
    name: 'blockbot_rate_limit_decisions_total',
    help: 'Decisions by policy; mode is shared, or how it was decided while Redis was away.',
    labelNames: ['policy', 'outcome', 'mode'],
    registers,
    collect() {
      this.reset();
      for (const [key, count] of counts) this.labels(...key.split(' ')).inc(count);
    },
  });
  return countDecisions(store, ({ policy, outcome, mode }) => {
    const key = `${policy} ${outcome} ${mode}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
}

function gaugeParts({ database, passwords, rateLimits }: MetricParts, registers: Registry[]): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('blockbot_rate_limit_degraded', '1 while limits are decided without the shared store.', () =>
    rateLimits.state().degraded ? 1 : 0,
  );
  gauge('blockbot_hashes_running', 'Passwords being hashed.', () => passwords.stats().running);
  gauge('blockbot_hashes_waiting', 'Passwords that wait to be hashed.', () => passwords.stats().waiting);
  gauge('blockbot_database_connections_max', 'Connections at most.', () => database.pool().max);
  gauge('blockbot_database_connections_busy', 'Connections in use.', () => database.pool().busy);
  gauge('blockbot_database_connections_idle', 'Connections open and free.', () => database.pool().idle);
  gauge(
    'blockbot_database_calls_waiting',
    'Calls that wait for a connection.',
    () => database.pool().waiting,
  );
  gaugeOutbox(database, registers);
}

/** Of the whole deployment, so that every replica tells the same: take the maximum, not the sum. */
function gaugeOutbox({ sql }: MetricParts['database'], registers: Registry[]): void {
  const ask = createOutboxBacklog(sql);

  const gauge = (name: string, help: string, toValues: (row: OutboxBacklog) => Partial<OutboxBacklog>) =>
    new Gauge({
      name,
      help,
      labelNames: ['state'],
      registers,
      collect: async function collect(this: Gauge) {
        const row = await ask();
        // While Postgres is away there is no figure: an old one would be a lie.
        this.reset();
        for (const [state, value] of Object.entries(row ? toValues(row) : {})) this.set({ state }, value);
      },
    });

  gauge('blockbot_outbox_emails', 'Emails not sent: waiting, or given up.', ({ waiting, dead }) => ({
    waiting,
    dead,
  }));
  gauge('blockbot_outbox_oldest_seconds', 'Age of the oldest email that waits.', ({ oldest }) => ({
    waiting: oldest,
  }));
}
