/** Where the memory of a router is, as its metrics and Linux tell. */
import { readFileSync } from 'node:fs';

export interface ProcessMemory {
  /** MiB, all of them. Resident, and the part of it that no file backs. */
  readonly rss: number;
  readonly anonymous: number;
  /** JavaScript objects, garbage among them; what V8 holds for them; buffers and what else V8 was told of. */
  readonly heapUsed: number;
  readonly heapTotal: number;
  readonly external: number;
}

const mebi = 1024 * 1024;

/** @param metricsUrl of the process `pid` */
export async function readMemory(pid: number, metricsUrl: string): Promise<ProcessMemory> {
  const metrics = await (await fetch(metricsUrl)).text();
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (source: string, pattern: RegExp, unit: number) => {
    const found = source.match(pattern)?.[1];
    if (found === undefined) throw new Error(`${String(pattern)} is not told`);
    return Number(found) / unit;
  };
  return {
    rss: read(status, /^VmRSS:\s+(\d+)/m, 1024),
    anonymous: read(status, /^RssAnon:\s+(\d+)/m, 1024),
    heapUsed: read(metrics, /^nodejs_heap_size_used_bytes (\d+)/m, mebi),
    heapTotal: read(metrics, /^nodejs_heap_size_total_bytes (\d+)/m, mebi),
    external: read(metrics, /^nodejs_external_memory_bytes (\d+)/m, mebi),
  };
}

/** MiB a minute, by least squares over readings a minute apart. */
export function toSlope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [above, below] = values.reduce(
    ([a, b], value, nth) => [a + (nth - middle) * (value - mean), b + (nth - middle) ** 2],
    [0, 0],
  );
  return above / below;
}
