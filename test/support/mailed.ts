/** What Blockbot has written to a mailbox, as its owner would look for it. */
import assert from 'node:assert/strict';
import type { TestBlockbot } from './blockbot.ts';
import type { CapturedEmail } from './captured-emails.ts';

/** The newest email of a kind. */
export async function lastEmail(bot: TestBlockbot, to: string, kind: string): Promise<CapturedEmail> {
  const found = (await bot.emails(to)).findLast(({ template }) => template === kind);
  assert.ok(found, `no email ${kind} to ${to}`);
  return found;
}
