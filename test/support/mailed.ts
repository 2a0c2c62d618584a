/** What Blockbot has written to a mailbox, as its owner would look for it. */
import assert from 'node:assert/strict';
import type { TestBlockbot } from './blockbot.ts';
import type { KeptLetter } from './captured-emails.ts';

/** The newest letter of a kind. */
export async function lastLetter(bot: TestBlockbot, to: string, kind: string): Promise<KeptLetter> {
  const found = (await bot.letters(to)).findLast(({ letter }) => letter === kind);
  assert.ok(found, `no letter ${kind} to ${to}`);
  return found;
}
