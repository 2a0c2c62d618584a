/** An endpoint of our own in the test's process, with what a test wants to know of it. */
import { createLog } from '../../lib/core/log.ts';
import { createRestServer, type RestServer } from '../../redis-rest/server.ts';
import type { Settings } from '../../redis-rest/settings.ts';

export const token = 'a-token-that-may-do-everything';
export const readOnlyToken = 'a-token-that-may-only-read';

interface TestResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface TestEndpoint {
  readonly url: string;
  readonly port: number;
  readonly server: RestServer;
  /** Every log line so far, as one text. */
  readonly logged: () => string;
  /** Resolves when this message is logged, or was. */
  readonly untilLogged: (message: string) => Promise<void>;
  /** Asks with the full token, unless told. `path` defaults to `/`, `method` to POST. */
  readonly ask: (request: {
    readonly path?: string;
    readonly method?: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  }) => Promise<TestResponse>;
  /** One command, its result or its error. */
  readonly run: (...command: readonly unknown[]) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** On a port of its own; waits for its Redis unless `waits` is false. */
export async function startEndpoint(
  redis: Settings['redis'],
  {
    waits = true,
    heartbeatMs = 15_000,
    onUnfit = () => undefined,
    ...overrides
  }: Partial<Settings> & {
    readonly waits?: boolean;
    readonly heartbeatMs?: number;
    readonly onUnfit?: () => void;
  } = {},
): Promise<TestEndpoint> {
  const lines: string[] = [];
  const waiting = new Map<string, (() => void)[]>();
  const log = createLog({
    write: (line) => {
      lines.push(line);
      const { message } = JSON.parse(line) as { message: string };
      for (const resolve of waiting.get(message) ?? []) resolve();
      waiting.delete(message);
    },
  });
  const settings: Settings = {
    isProduction: false,
    redis,
    tokens: [token],
    readOnlyTokens: [readOnlyToken],
    tokenInUrl: false,
    host: '127.0.0.1',
    port: 0,
    maxBodyBytes: 1024 * 1024,
    // A busy machine is no Redis that hangs.
    requestTimeoutMs: 30_000,
    drainDelayMs: 0,
    ...overrides,
  };
  const server = createRestServer(settings, { log, heartbeatMs, onUnfit });
  const port = await server.listen();
  const url = `http://127.0.0.1:${port}`;

  const untilLogged: TestEndpoint['untilLogged'] = (message) => {
    if (lines.some((line) => line.includes(JSON.stringify(message)))) return Promise.resolve();
    return new Promise((resolve) => {
      waiting.set(message, [...(waiting.get(message) ?? []), resolve]);
    });
  };

  const ask: TestEndpoint['ask'] = async ({ path = '/', method = 'POST', body, headers }) => {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  };

  if (waits) await untilLogged('redis is ready');
  return {
    url,
    port,
    server,
    logged: () => lines.join('\n'),
    untilLogged,
    ask,
    run: async (...command) => {
      const { json, text } = await ask({ body: command });
      if (typeof json === 'object' && json !== null) {
        if ('result' in json) return json.result;
        if ('error' in json) return `error: ${String(json.error)}`;
      }
      return text;
    },
    close: () => server.drain(),
  };
}
