/** The table at the end of the container tests: what people did meanwhile, and how often it went wrong. */
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { toTable } from '../operator/table.ts';

/** As test/container/figures.ts writes them, a line each. */
const Figure = z.object({
  what: z.string(),
  requests: z.number(),
  failed: z.number(),
  slowestMs: z.number(),
});

/** Nothing, where no test measured. */
export function toFigures(path: string, edge: string): string {
  if (!existsSync(path)) return '';
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  const figures = lines.map((line) => z.parse(Figure, JSON.parse(line)));
  const sum = (of: 'requests' | 'failed') => figures.reduce((total, figure) => total + figure[of], 0);
  const slowestMs = Math.max(...figures.map((figure) => figure.slowestMs));
  const all = { what: 'all', requests: sum('requests'), failed: sum('failed'), slowestMs };
  const headings = ['what', 'proxy', 'requests', 'failed', 'slowest'];
  const rows = [...figures, all].map(({ what, requests, failed, slowestMs: slowest }) => [
    what,
    edge,
    String(requests),
    String(failed),
    `${Math.round(slowest)} ms`,
  ]);
  return toTable({ headings, rows, cut: [0] });
}
