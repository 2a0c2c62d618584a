/** The client of the Upstash REST protocol as the limiter wants it; hosts make one, functions never import it. */
import { Redis } from '@upstash/redis';

/**
 * No retries: a repeated check costs more than the stand-in's answer. After `deadlineMs` the request is given up, so
 * that a store which hangs holds no connections. What is sent is ASCII and what comes is numbers: no base64.
 *
 * @example const redis = createUpstashRedis({ url, token });
 */
export function createUpstashRedis({
  url,
  token,
  deadlineMs = 250,
}: {
  url: string;
  token: string;
  deadlineMs?: number;
}): Redis {
  return new Redis({
    url,
    token,
    retry: false,
    responseEncoding: false,
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
    readYourWrites: false,
    signal: () => AbortSignal.timeout(deadlineMs),
  });
}
