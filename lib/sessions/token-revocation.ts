/** Access tokens that end before their time. The guard asks the store of the limits for it, in the round trip of the limits. */
import type { RateLimitStore } from '../rate-limit/store.ts';
import { accessTokenLifetime } from '../security/jwt.ts';
import { always, type KeyOfSomebody, toKeyRevocations } from './api-key-end.ts';

/** Whatever has credentials refused: a store of limits, or a command that knows where Redis is. */
export interface Revoker {
  readonly rateLimits: Pick<RateLimitStore, 'revoke'>;
}

/** The sessions of one person that a statement has revoked, as it returns them. */
export interface RevokedSessions {
  readonly userId: string;
  readonly revokedIds: readonly string[];
}

/** The same, and API keys that ended with them. */
export interface RevokedAccess extends RevokedSessions {
  readonly revokedKeys?: readonly KeyOfSomebody[];
}

const lastsMs = accessTokenLifetime * 1000;

/**
 * Has the access tokens of revoked sessions refused from now on, wherever the store is shared; where it is away they expire by
 * themselves. To be called after the commit: a token of before may be issued until then.
 */
export async function endTokensOfSessions(
  { rateLimits }: Revoker,
  { userId, revokedIds, revokedKeys = [] }: RevokedAccess,
): Promise<void> {
  if (revokedIds.length + revokedKeys.length === 0) return;
  const parts = revokedIds.map((id) => `session:${id}`);
  // Neither comes back, so that nothing of them counts, whenever it was issued.
  const sessions = { subject: `user:${userId}`, parts, at: always, lastsMs };
  await rateLimits.revoke([sessions, ...toKeyRevocations(revokedKeys, always)]);
}

/** The same for every token of a person, whose account is gone, and for API keys of organizations that went with it. */
export async function endTokensOfUser(
  { rateLimits }: Revoker,
  userId: string,
  organizationIds: readonly string[],
): Promise<void> {
  const subjects = [`user:${userId}`, ...organizationIds.map((id) => `organization:${id}`)];
  await rateLimits.revoke(subjects.map((subject) => ({ subject, parts: ['all'], at: always, lastsMs })));
}

/** Whose tokens tell of a role or a membership that is no more. */
export interface MemberTokens {
  readonly organizationId: string;
  readonly userId: string;
}

/** Members whose tokens are told of in one round trip: an organization that ends may have many. */
const membersAtOnce = 500;

/**
 * The same for tokens that tell of an organization: what they say of it is out of date, and one refresh mends it.
 *
 * @param at as `toCommitTime` has it
 */
export async function endTokensOfMembers(
  { rateLimits }: Revoker,
  members: readonly MemberTokens[],
  at: number,
): Promise<void> {
  for (let first = 0; first < members.length; first += membersAtOnce) {
    const some = members.slice(first, first + membersAtOnce);
    await rateLimits.revoke(
      some.map(({ organizationId, userId }) => ({
        subject: `user:${userId}`,
        parts: [`organization:${organizationId}`],
        at,
        lastsMs,
      })),
    );
  }
}

/**
 * The same for what belongs to an organization and to nobody in it: what is known of its API keys (`api-keys/caller.ts`).
 *
 * @param at as `toCommitTime` has it
 */
export async function endTokensOfOrganization(
  { rateLimits }: Revoker,
  organizationId: string,
  at: number,
): Promise<void> {
  await rateLimits.revoke([{ subject: `organization:${organizationId}`, parts: ['all'], at, lastsMs }]);
}

/**
 * When a change was committed, or after that, by the database's clock: unix milliseconds, without asking it a second time.
 *
 * @param changedAt `clock_timestamp()` of the statement that made the change
 * @param startedAt `performance.now()` of before it was sent
 */
export function toCommitTime(changedAt: Date, startedAt: number): number {
  return Math.ceil(changedAt.getTime() + performance.now() - startedAt);
}
