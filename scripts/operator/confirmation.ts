/** Asks before what can't be undone. */
import { createInterface } from 'node:readline/promises';
import { refuseUsage } from '../../lib/core/command-line.ts';
import { Refusal } from './refusal.ts';

/** Ends the process where nobody could be asked. To be called before anything is opened. */
export function assertAskable(usage: string, yes: boolean | undefined): void {
  if (yes || (process.stdin.isTTY && process.stderr.isTTY)) return;
  refuseUsage(usage, "This can't be undone, and nobody can be asked without a terminal: say --yes");
}

/**
 * Has it typed again.
 *
 * @param expected what says that the right one is meant
 * @throws {Refusal} for anything else
 */
export async function confirm(what: string, expected: string): Promise<void> {
  // What standard output gets is the result.
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await lines.question(`${what} This can't be undone. Type ${expected} to go on: `);
    if (typed.trim() !== expected) throw new Refusal('That was something else, so nothing was changed');
  } finally {
    lines.close();
  }
}
