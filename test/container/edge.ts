/**
 * Stands in for Traefik where its image can't be had. It has the essence of what docker-compose.prod.yml asks of Traefik:
 * finds containers by their labels through the socket proxy, follows their events, leaves out those that are not healthy,
 * asks each for its health, and tells the application one caller's address and nothing that the caller said of it.
 */
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const engine = process.env['ENGINE'] ?? 'http://socket-proxy:2375';
const network = 'blockbot-web';
// As entryPoints.*.forwardedHeaders.trustedIPs, for every peer alike.
const trustsPeers = Boolean(process.env['EDGE_TRUSTED_IPS']);
const service = 'traefik.http.services.blockbot.loadbalancer';

interface Container {
  readonly Id: string;
  readonly Status: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

interface Upstream {
  readonly host: string;
  readonly port: number;
  isUp: boolean;
  readonly stop: AbortController;
}

const upstreams = new Map<string, Upstream>();
let rule = '';
let turn = 0;
// As serversTransport.forwardingTimeouts.idleConnTimeout.
const agent = new http.Agent({ keepAlive: true, timeout: 30_000 });

async function refresh(): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['traefik.enable=true'] }));
  const answer = await fetch(`${engine}/containers/json?filters=${filters}`);
  const containers = ((await answer.json()) as Container[]).filter(
    ({ Status }) => !/unhealthy|health: starting/.test(Status),
  );
  for (const [id, { stop }] of upstreams) {
    if (containers.some(({ Id }) => Id === id)) continue;
    stop.abort();
    upstreams.delete(id);
  }
  for (const { Id, Labels, NetworkSettings } of containers) {
    rule = Labels['traefik.http.routers.blockbot.rule'] ?? '';
    const host = NetworkSettings.Networks[network]?.IPAddress;
    if (!host || upstreams.has(Id)) continue;
    const upstream: Upstream = {
      host,
      port: Number(Labels[`${service}.server.port`]),
      isUp: true,
      stop: new AbortController(),
    };
    upstreams.set(Id, upstream);
    void watch(upstream, Labels);
  }
}

const toMs = (duration = '') => Number(duration.replace(/s$/, '')) * 1000;

async function watch(upstream: Upstream, labels: Readonly<Record<string, string>>): Promise<void> {
  const { host, port, stop } = upstream;
  const path = labels[`${service}.healthcheck.path`] ?? '/';
  const timeout = toMs(labels[`${service}.healthcheck.timeout`]);
  while (!stop.signal.aborted) {
    upstream.isUp = await fetch(`http://${host}:${port}${path}`, {
      signal: AbortSignal.timeout(timeout),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    await sleep(toMs(labels[`${service}.healthcheck.interval`]));
  }
}

/** As providersThrottleDuration: at most one look a second, however much happens. */
async function follow(): Promise<never> {
  let look: Promise<void> | undefined;
  const lookSoon = () => {
    look ??= sleep(1000).then(() => {
      look = undefined;
      return refresh();
    });
    look.catch(lookSoon);
  };
  for (;;) {
    try {
      const filters = encodeURIComponent(JSON.stringify({ event: ['start', 'die', 'health_status'] }));
      const { body } = await fetch(`${engine}/events?filters=${filters}`);
      await refresh();
      const events = body?.getReader();
      while ((await events?.read())?.done === false) lookSoon();
    } catch {
      await sleep(200);
    }
  }
}

const hosts = () => [...rule.matchAll(/Host\(`([^`]+)`\)/g)].map(([, name]) => name);
const hidden = () => [...rule.matchAll(/!PathPrefix\(`([^`]+)`\)/g)].map(([, prefix]) => prefix ?? '');

const server = http.createServer((request, response) => {
  const refuse = (status: number) => void response.writeHead(status, { 'Content-Type': 'text/plain' }).end();
  const url = request.url ?? '/';
  if (!hosts().includes(request.headers.host) || hidden().some((prefix) => url.startsWith(prefix))) {
    refuse(404);
    return;
  }
  const up = [...upstreams.values()].filter(({ isUp }) => isUp);
  const upstream = up[(turn += 1) % up.length];
  if (!upstream) {
    refuse(503);
    return;
  }
  const { connection: _connection, 'x-forwarded-for': said, ...headers } = request.headers;
  const peer = request.socket.remoteAddress?.replace(/^::ffff:/, '');
  const forwarded = http.request({
    agent,
    host: upstream.host,
    port: upstream.port,
    method: request.method,
    path: url,
    headers: {
      ...headers,
      'x-forwarded-for': trustsPeers && said ? `${String(said)}, ${peer}` : peer,
      'x-forwarded-proto': 'https',
    },
  });
  forwarded.on('response', (answer) => {
    const { connection: _close, 'keep-alive': _keep, ...rest } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, rest);
    answer.pipe(response);
  });
  forwarded.on('error', ({ message }) => {
    process.stdout.write(`${request.method} ${url}: ${message}\n`);
    if (response.headersSent) response.destroy();
    else refuse(502);
  });
  request.pipe(forwarded);
});
// Longer than any pause of the callers.
server.keepAliveTimeout = 120_000;
server.listen(80);
process.on('SIGTERM', () => process.exit(0));
void follow();
