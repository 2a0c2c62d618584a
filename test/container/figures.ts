/** What was measured under load, for the table at the end of scripts/test-containers.ts. */
import { appendFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { type Tally, toLine } from './edge-client.ts';

/** @param failed unless it's told, every answer that was not a 200 */
export async function record(
  context: TestContext,
  tally: Tally,
  failed: number = tally.failures.length,
): Promise<void> {
  context.diagnostic(toLine(tally));
  const { requests, slowestMs } = tally;
  const line = JSON.stringify({ what: context.name, requests, failed, slowestMs });
  const path = process.env['TEST_FIGURES'];
  if (path !== undefined) await appendFile(path, `${line}\n`);
}
