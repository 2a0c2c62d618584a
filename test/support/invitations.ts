/** Invitations in a test, as an inviter sends them and their reader finds them. */
import assert from 'node:assert/strict';
import type { Role } from '../../db/schema.ts';
import type { Registered, TestBlockbot } from './blockbot.ts';
import { lastEmail } from './mailed.ts';
import { expectJson } from './responses.ts';

export interface TestInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invited_by: string | null;
  readonly created_at: string;
  readonly expires_at: string;
}

interface Inviting {
  /** `/v1/organizations/...` */
  readonly path: string;
  readonly token: string;
  readonly email: string;
  readonly role?: Role;
}

/** Invites, and answers the token that the email carries. */
export async function inviteByEmail(
  bot: TestBlockbot,
  { path, token, email, role = 'member' }: Inviting,
): Promise<TestInvitation & { readonly token: string }> {
  const response = await bot.send('POST', `${path}/invitations`, { token, body: { email, role } });
  const { invitation } = await expectJson<{ invitation: TestInvitation }>(response, 201);
  return { ...invitation, token: await mailedInvitation(bot, email) };
}

/** The token of the newest invitation to a mailbox. */
export async function mailedInvitation(bot: TestBlockbot, to: string): Promise<string> {
  const { text } = await lastEmail(bot, to, 'invitation');
  const [, token] = text.match(/\/auth\/invitation#([\w-]{43})\n/) ?? [];
  assert.ok(token, text);
  return token;
}

/** Marks the address as proven, which who invites needs. */
export async function verify({ database }: TestBlockbot, ...people: readonly Registered[]): Promise<void> {
  for (const { user } of people) {
    await database.sql`update users set email_verified_at = now() where id = ${user.id}`;
  }
}
