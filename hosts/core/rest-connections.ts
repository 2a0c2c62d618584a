/**
 * The short way to Redis over REST where Node runs: `node:http` with connections that stay. `fetch`, by which other runtimes
 * ask, takes Node twice the time of the processor, and a signal for its deadline a tenth more.
 */
import { Agent as HttpAgent, type ClientRequest, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import { withDeadline } from '../../db/deadline.ts';
import { type Answer, parseAnswers } from '../../lib/rate-limit/redis-pipelines.ts';

export interface RestConnections {
  /** One request for all commands. Rejects where they could not be asked; what Redis refuses is an answer. */
  readonly send: (commands: readonly unknown[]) => Promise<Answer[]>;
  readonly close: () => void;
}

/**
 * What stood idle for longer is opened anew: a function that was frozen meanwhile hears neither of the other end's leaving nor
 * of an address that was translated otherwise, and would wait for an answer in vain. Milliseconds, as `fetch` of Node has it.
 */
const mostIdleMs = 4000;

/**
 * A request that takes longer than `deadlineMs` fails, and its connection is not used again.
 *
 * @param options.now milliseconds of a clock that goes on while the process is frozen
 *
 * @example const { send } = createRestConnections({ url, token });
 */
export function createRestConnections({
  url,
  token,
  deadlineMs = 250,
  traceHeaders = () => ({}),
  now = Date.now,
}: {
  url: string;
  token: string;
  deadlineMs?: number | undefined;
  traceHeaders?: (() => Readonly<Record<string, string>>) | undefined;
  now?: () => number;
}): RestConnections {
  const target = new URL(`${url.replace(/\/$/, '')}/pipeline`);
  const secure = target.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 32 });
  const start = secure ? requestHttps : requestHttp;
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const freeSince = new WeakMap<Duplex, number>();
  agent.on('free', (socket: Duplex) => freeSince.set(socket, now()));

  function closeIdle(): void {
    const since = now() - mostIdleMs;
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of sockets ?? []) if ((freeSince.get(socket) ?? since) < since) socket.destroy();
    }
  }

  function send(commands: readonly unknown[]): Promise<Answer[]> {
    closeIdle();
    const body = JSON.stringify(commands);
    let sent: ClientRequest | undefined;
    const answered = new Promise<Answer[]>((resolve, reject) => {
      const length = Buffer.byteLength(body);
      sent = start(
        target,
        { method: 'POST', agent, headers: { ...headers, ...traceHeaders(), 'Content-Length': length } },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () => {
            // Answered before it was read: what is left of it would keep the connection from everybody else.
            if (!sent?.writableFinished) sent?.destroy();
            try {
              resolve(parseAnswers(text, response.statusCode));
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)));
            }
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
    return withDeadline(deadlineMs, answered, (milliseconds) => {
      sent?.destroy();
      return new Error(`no answer in ${milliseconds} ms`);
    });
  }

  return { send, close: () => void agent.destroy() };
}
