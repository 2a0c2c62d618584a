/** Another organization for a session to work in. */
import type { Role } from '../../db/schema.ts';
import { type OrganizationRow, toOrganization } from '../accounts/account.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { createAccessToken, type Session } from '../sessions/session.ts';

/** The session as its next access token speaks of it; its refresh token stays what it is. */
export interface SwitchedSession extends Omit<Session, 'counter' | 'nonce'> {
  readonly organization: OrganizationRow;
}

interface Row {
  readonly role: Role | null;
  readonly name: string | null;
  readonly slug: string | null;
  readonly amr: readonly string[];
  readonly createdAt: Date;
  readonly asOf: Date;
}

/**
 * From now on every refresh of the session is of this organization, unless it asks for another one.
 *
 * @throws {Problem} `session-ended`, `not-found`
 */
export async function switchOrganization(
  { database }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
  organizationId: string,
): Promise<SwitchedSession> {
  const { userId, sessionId } = caller;
  const [row] = await database.sql<Row>`
    with found as (
      select live_sessions.id, amr, live_sessions.created_at, role, name, slug
      from live_sessions left join live_memberships as membership on membership.user_id = live_sessions.user_id
        and membership.organization_id = ${organizationId}
      where live_sessions.id = ${sessionId} and live_sessions.user_id = ${userId}
    ), switched as (
      update refresh_tokens set organization_id = ${organizationId}
      from found
      where refresh_tokens.id = found.id and found.role is not null
    )
    select role, name, slug, amr, created_at, now() as as_of from found`;
  if (!row) throw new Problem('session-ended');
  const { role, name, slug, amr, createdAt, asOf } = row;
  if (role === null || name === null || slug === null) throw new Problem('not-found');
  const organization = { id: organizationId, name, slug, role };
  return { sessionId, userId, organizationId, role, amr, createdAt, asOf, organization };
}

/** On the wire: an access token of the organization. */
export async function createSwitchAnswer(services: Pick<Services, 'keys'>, session: SwitchedSession) {
  const accessToken = await createAccessToken(services, session);
  return { ...accessToken, organization: toOrganization(session.organization) };
}
