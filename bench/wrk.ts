/** Load by wrk (Debian's package of that name), which takes less of the machine than any generator in JavaScript. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const tokensScript = fileURLToPath(new URL('wrk/tokens.lua', import.meta.url));

export interface Load {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not 2xx or 3xx; a figure with any of them is worth nothing. */
  readonly refused: number;
}

/** @throws when wrk is not installed */
export async function load(
  url: string,
  {
    connections = 64,
    seconds = 5,
    headers = {},
    tokensFile,
  }: {
    connections?: number;
    seconds?: number;
    headers?: Record<string, string>;
    /** Bearer tokens, one a line: each request has the next. */
    tokensFile?: string;
  } = {},
): Promise<Load> {
  const options = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const target = tokensFile === undefined ? [url] : ['-s', tokensScript, url, '--', tokensFile];
  const wrk = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...options, ...target], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const failed = new Promise<never>((_, reject) => {
    wrk.on('error', (cause) => reject(new Error('wrk is missing: apt-get install wrk', { cause })));
  });
  const report = await Promise.race([text(wrk.stdout), failed]);
  return {
    requests: Number(report.match(/(\d+) requests in/)?.[1]),
    requestsPerSecond: Number(report.match(/Requests\/sec: +([\d.]+)/)?.[1]),
    p50Ms: toMs(report.match(/50% +([\d.]+)(us|ms|s)/)),
    p99Ms: toMs(report.match(/99% +([\d.]+)(us|ms|s)/)),
    refused: Number(report.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0),
  };
}

function toMs(match: RegExpMatchArray | null): number {
  const factor = { us: 0.001, ms: 1, s: 1000 }[match?.[2] ?? ''];
  return Number(match?.[1]) * (factor ?? Number.NaN);
}
