/**
 * Stands in for Traefik where its image can't be had. It has the essence of what docker-compose.prod.yml asks of Traefik:
 * finds containers by their labels through the socket proxy, follows their events, leaves out those that are not healthy,
 * asks each for its health, tells the application one caller's address and nothing that the caller said of it, and asks the gate
 * before it lets a request through to a service that has it before it.
 */
import http from 'node:http';
import { askGate, type ForwardAuth, toForwardAuth } from './forward-auth.ts';
import { setTimeout as sleep } from 'node:timers/promises';

const engine = process.env['ENGINE'] ?? 'http://socket-proxy:2375';
const network = 'blockbot-web';
// As entryPoints.*.forwardedHeaders.trustedIPs, for every peer alike.
const trustsPeers = Boolean(process.env['EDGE_TRUSTED_IPS']);

interface Container {
  readonly Id: string;
  readonly Status: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

interface Upstream {
  readonly service: string;
  readonly host: string;
  readonly port: number;
  isUp: boolean;
  readonly stop: AbortController;
}

interface Route {
  readonly rule: string;
  readonly priority: number;
  readonly service: string;
  readonly auth: ForwardAuth | undefined;
}

const upstreams = new Map<string, Upstream>();
const routes = new Map<string, Route>();
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
    for (const [name, route] of toRoutes(Labels)) routes.set(name, route);
    const host = NetworkSettings.Networks[network]?.IPAddress;
    if (!host || upstreams.has(Id)) continue;
    const upstream = toUpstream(host, Labels);
    upstreams.set(Id, upstream);
    if (Labels[`${toBalancer(upstream)}.healthcheck.path`]) void watch(upstream, Labels);
  }
}

const toBalancer = ({ service }: Pick<Upstream, 'service'>) =>
  `traefik.http.services.${service}.loadbalancer`;

function toUpstream(host: string, labels: Container['Labels']): Upstream {
  const [key = '', port] =
    Object.entries(labels).find(([name]) => name.endsWith('.loadbalancer.server.port')) ?? [];
  return {
    service: key.split('.')[3] ?? '',
    host,
    port: Number(port),
    isUp: true,
    stop: new AbortController(),
  };
}

function toRoutes(labels: Container['Labels']): readonly (readonly [string, Route])[] {
  return Object.entries(labels).flatMap(([key, rule]) => {
    const [, name] = /^traefik\.http\.routers\.([\w-]+)\.rule$/.exec(key) ?? [];
    if (name === undefined) return [];
    const own = `traefik.http.routers.${name}`;
    const auth = toForwardAuth(labels, labels[`${own}.middlewares`]);
    const priority = Number(labels[`${own}.priority`] ?? rule.length);
    return [[name, { rule, priority, service: labels[`${own}.service`] ?? '', auth }] as const];
  });
}

const toMs = (duration = '') => Number(duration.replace(/s$/, '')) * 1000;

async function watch(upstream: Upstream, labels: Readonly<Record<string, string>>): Promise<void> {
  const { host, port, stop } = upstream;
  const balancer = toBalancer(upstream);
  const path = labels[`${balancer}.healthcheck.path`] ?? '/';
  const timeout = toMs(labels[`${balancer}.healthcheck.timeout`]);
  while (!stop.signal.aborted) {
    upstream.isUp = await fetch(`http://${host}:${port}${path}`, {
      signal: AbortSignal.timeout(timeout),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    await sleep(toMs(labels[`${balancer}.healthcheck.interval`]));
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

/** The longer rule comes first unless a priority is told, as in Traefik. */
function findRoute(host: string | undefined, url: string): Route | undefined {
  return [...routes.values()]
    .sort((one, other) => other.priority - one.priority)
    .find(({ rule }) => {
      if (![...rule.matchAll(/Host\(`([^`]+)`\)/g)].some(([, name]) => name === host)) return false;
      const prefixes = [...rule.matchAll(/(!?)Path(?:Prefix)?\(`([^`]+)`\)/g)];
      const applies = ([, , prefix = '']: RegExpExecArray) => url.startsWith(prefix);
      const wanted = prefixes.filter(([, not]) => not === '');
      return (
        !prefixes.filter(([, not]) => not !== '').some(applies) &&
        (wanted.length === 0 || wanted.some(applies))
      );
    });
}

const server = http.createServer((request, response) => {
  void serve(request, response);
});

async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const refuse = (status: number) => void response.writeHead(status, { 'Content-Type': 'text/plain' }).end();
  const url = request.url ?? '/';
  const route = findRoute(request.headers.host, url);
  if (!route) {
    refuse(404);
    return;
  }
  const address = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const verdict = route.auth && (await askGate(request, route.auth, address));
  if (verdict?.passes === false) {
    const { connection: _close, 'keep-alive': _keep, ...rest } = verdict.headers;
    response.writeHead(verdict.status, rest).end(verdict.body);
    return;
  }
  const up = [...upstreams.values()].filter(({ isUp, service }) => isUp && service === route.service);
  const upstream = up[(turn += 1) % up.length];
  if (!upstream) {
    refuse(503);
    return;
  }
  const {
    connection: _connection,
    'x-forwarded-for': said,
    ...headers
  } = verdict?.headers ?? request.headers;
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
}
// Longer than any pause of the callers.
server.keepAliveTimeout = 120_000;
server.listen(80);
process.on('SIGTERM', () => process.exit(0));
void follow();
