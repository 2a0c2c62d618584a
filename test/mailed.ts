/** What Blockbot has written to a mailbox, as its owner would read it. */
import assert from 'node:assert/strict';
import { openLetter } from '../lib/letters/seal.ts';
import type { TestBlockbot } from './blockbot.ts';

interface Mailed {
  readonly letter: string;
  readonly token: string;
  readonly code: string;
  /** Of a notice: where it happened. */
  readonly device: string;
}

/** Every letter to the mailbox, the oldest first. */
export async function lettersTo(bot: TestBlockbot, email: string): Promise<readonly Mailed[]> {
  const rows = await bot.database.sql<{ id: string; letter: string; sealed: Uint8Array }>`
    select id, letter, sealed from outbox where recipient = ${email} order by created_at, id`;
  return rows.map(({ id, letter, sealed }) => ({
    letter,
    ...(openLetter({ id, sealed }, bot.services.tokenSecret) as Omit<Mailed, 'letter'>),
  }));
}

/** The link's token and the code of the newest letter of a kind. */
export async function lastProof(bot: TestBlockbot, email: string, letter: string): Promise<Mailed> {
  const found = (await lettersTo(bot, email)).findLast((candidate) => candidate.letter === letter);
  assert.ok(found, `no letter ${letter} to ${email}`);
  return found;
}
