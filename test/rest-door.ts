/** Our REST door in front of a test's Redis, or of its cluster. */
import { createRestServer } from '../redis-rest/server.ts';

export interface RestDoor {
  readonly url: string;
  readonly token: string;
  readonly close: () => Promise<void>;
}

export async function startRestDoor(...redisPorts: readonly [number, ...number[]]): Promise<RestDoor> {
  const token = 'a-token-of-the-tests';
  const [first, ...others] = redisPorts.map((port) => `redis://127.0.0.1:${String(port)}`);
  const server = createRestServer(
    {
      redis: others.length > 0 ? { clusterUrls: [String(first), ...others] } : { url: String(first) },
      tokens: [token],
      readOnlyTokens: [],
      tokenInUrl: false,
      host: '127.0.0.1',
      port: 0,
      maxBodyBytes: 1_048_576,
      requestTimeoutMs: 3000,
      drainDelayMs: 0,
    },
    { log: () => undefined },
  );
  const url = `http://127.0.0.1:${String(await server.listen())}`;
  const ping = { method: 'POST', body: '["PING"]', headers: { Authorization: `Bearer ${token}` } };
  while (!(await fetch(url, ping)).ok);
  return { url, token, close: server.drain };
}
