/** What people do through the edge, and how often it went wrong. */
import { EventEmitter, on } from 'node:events';
import http from 'node:http';
import https from 'node:https';

export const domain = 'blockbot.test';

const keepingAlive = { keepAlive: true, maxSockets: 64 };

/** The edge, as it is published: by HTTP where it's the stand-in. */
let edge: https.RequestOptions = {
  protocol: 'http:',
  agent: new http.Agent(keepingAlive),
  host: '127.0.0.1',
  port: 80,
};

/** From here on by HTTPS, and with nobody whose certificate does not come from this authority. */
export function trust(authority: string, host = '127.0.0.1'): void {
  const agent = new https.Agent(keepingAlive);
  edge = { protocol: 'https:', agent, ca: authority, servername: domain, host, port: 443 };
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly ms: number;
}

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** By a connection of its own, instead of one that is kept. */
  readonly anew?: boolean;
}

/** Status 0 if there was no answer at all. */
export function call(
  path: string,
  { method = 'GET', body, headers = {}, anew = false }: Call = {},
): Promise<Answer> {
  const startedAt = performance.now();
  const payload = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve) => {
    const fail = (error: Error) =>
      resolve({ status: 0, headers: {}, body: error.message, ms: performance.now() - startedAt });
    const request = (edge.protocol === 'https:' ? https : http).request(
      {
        ...edge,
        ...(anew && { agent: false }),
        path,
        method,
        timeout: 20_000,
        headers: {
          Host: domain,
          ...(payload !== undefined && {
            'Content-Type': 'application/json',
            'Content-Length': Buffer.byteLength(payload),
          }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', fail);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text,
            ms: performance.now() - startedAt,
          }),
        );
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer within 20 s')));
    request.on('error', fail);
    request.end(payload);
  });
}

export interface Person {
  readonly email: string;
  /** Where they say that they call from; an edge that trusts nobody does not hear it. */
  readonly address: string;
  accessToken: string;
  refreshToken: string;
}

export const password = 'correct horse battery staple';

export async function register(index: number): Promise<Person> {
  const email = `person-${index}-${Date.now()}@blockbot.test`;
  const address = `198.51.${100 + (index >> 8)}.${index & 255}`;
  const { status, body } = await call('/v1/auth/register', {
    method: 'POST',
    body: { email, password, name: `Person ${index}` },
    headers: { 'X-Forwarded-For': address },
  });
  if (status !== 201) throw new Error(`register answered ${status}: ${body}`);
  const tokens = JSON.parse(body) as { access_token: string; refresh_token: string };
  return { email, address, accessToken: tokens.access_token, refreshToken: tokens.refresh_token };
}

export interface Tally {
  requests: number;
  posts: number;
  slowestMs: number;
  /** What was neither a 200 nor announced. */
  readonly failures: string[];
  /** Answers by status. */
  readonly statuses: Map<number, number>;
}

export interface Load {
  readonly tally: Tally;
  /** As soon as so many more were answered, well or not, of those that are sent from now on. */
  readonly answered: (count: number) => Promise<void>;
  readonly stop: () => Promise<Tally>;
}

/**
 * Each person has their own turn, so that nobody is over a limit and no refresh overtakes another. Every second request
 * comes by a connection of its own, the others by such as are kept.
 */
export function startLoad(people: readonly Person[], { perSecond }: { readonly perSecond: number }): Load {
  const tally: Tally = { requests: 0, posts: 0, slowestMs: 0, failures: [], statuses: new Map() };
  const busy = new Set<Person>();
  const underWay = new Set<Promise<void>>();
  const answers = new EventEmitter<{ answer: [turn: number] }>();
  let turn = 0;

  async function act(person: Person): Promise<void> {
    const sent = turn;
    busy.add(person);
    const headers = { 'X-Forwarded-For': person.address };
    const refreshes = Math.floor(turn / people.length) % 2 === 0;
    const anew = turn % 2 === 0;
    const answer = refreshes
      ? await call('/v1/auth/refresh', {
          method: 'POST',
          body: { refresh_token: person.refreshToken },
          headers,
          anew,
        })
      : await call('/v1/me', {
          headers: { ...headers, Authorization: `Bearer ${person.accessToken}` },
          anew,
        });
    busy.delete(person);
    tally.requests += 1;
    if (refreshes) tally.posts += 1;
    tally.slowestMs = Math.max(tally.slowestMs, answer.ms);
    tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1);
    answers.emit('answer', sent);
    if (answer.status !== 200) {
      const problem = toType(answer.body);
      tally.failures.push(
        `${new Date().toISOString()} ${refreshes ? 'refresh' : 'me'}${anew ? ' anew' : ''} ${answer.status} ${problem}`,
      );
    } else if (refreshes) {
      const tokens = JSON.parse(answer.body) as { access_token: string; refresh_token: string };
      person.accessToken = tokens.access_token;
      person.refreshToken = tokens.refresh_token;
    }
  }

  const timer = setInterval(() => {
    const person = people[(turn += 1) % people.length];
    if (!person || busy.has(person)) return;
    const acting = act(person).finally(() => underWay.delete(acting));
    underWay.add(acting);
  }, 1000 / perSecond);

  return {
    tally,
    answered: async (count) => {
      const since = turn;
      let left = count;
      for await (const [sent] of on(answers, 'answer')) if (Number(sent) > since && (left -= 1) === 0) return;
    },
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
      return tally;
    },
  };
}

function toType(body: string): string {
  try {
    return (JSON.parse(body) as { type: string }).type;
  } catch {
    return `not from the router: ${body.slice(0, 80).trim()}`;
  }
}

export const toLine = ({ requests, posts, failures, slowestMs, statuses }: Tally) =>
  `${requests} requests (${posts} POST), ${failures.length} failed, slowest ${Math.round(slowestMs)} ms, ` +
  [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
