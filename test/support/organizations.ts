/** An organization with people in it, for tests: made by the API, its members by a row each, because nobody is invited yet. */
import type { Role } from '../../db/schema.ts';
import type { Registered, TestBlockbot } from './blockbot.ts';
import { expectJson } from './responses.ts';

export interface TestOrganization {
  readonly id: string;
  readonly slug: string;
  /** Of its resources: `/v1/organizations/...`. */
  readonly path: string;
  /** One for each role that was asked for, in their order. */
  readonly people: readonly Registered[];
}

type Bot = Pick<TestBlockbot, 'send' | 'register' | 'database'>;

/** @param roles of its people; the first of them makes it and is its owner */
export async function makeOrganization(
  bot: Bot,
  roles: readonly [Role, ...Role[]],
): Promise<TestOrganization> {
  const people: Registered[] = [];
  for (const role of roles) people.push(await bot.register({ name: `The ${role}` }));
  const [owner] = people;
  const response = await bot.send('POST', '/v1/organizations', {
    token: owner?.access_token ?? '',
    body: { name: 'Analytical Engines' },
  });
  const { organization } = await expectJson<{ organization: { id: string; slug: string } }>(response, 201);
  for (const [nth, { user }] of people.entries()) await setRole(bot, organization.id, user.id, roles[nth]);
  return { ...organization, path: `/v1/organizations/${organization.id}`, people };
}

/** Whatever it was before, or none. */
export async function setRole(
  { database }: Pick<Bot, 'database'>,
  organizationId: string,
  userId: string,
  role: Role = 'member',
): Promise<void> {
  await database.sql`
    insert into memberships (organization_id, user_id, role) values (${organizationId}, ${userId}, ${role})
    on conflict (organization_id, user_id) do update set role = excluded.role`;
}

/** The roles of an organization's members by their user ids. */
export async function readRoles(
  { database }: Pick<Bot, 'database'>,
  organizationId: string,
): Promise<ReadonlyMap<string, Role>> {
  const rows = await database.sql<{ userId: string; role: Role }>`
    select user_id, role from memberships where organization_id = ${organizationId}`;
  return new Map(rows.map(({ userId, role }) => [userId, role]));
}

/** The trail of an organization, oldest first. */
export async function readTrail({ database }: Pick<Bot, 'database'>, organizationId: string) {
  return database.sql<{
    event: string;
    userId: string | null;
    actorId: string | null;
    targetId: string | null;
    sessionId: string | null;
  }>`
    select event, user_id, actor_id, target_id, session_id from audit_events
    where organization_id = ${organizationId} and actor_kind = 'user' order by xact, id`;
}

/** The same access token as of a sign-in 16 minutes ago. */
export async function makeStale(
  { services: { keys } }: Pick<TestBlockbot, 'services'>,
  token: string,
): Promise<string> {
  const { sub, sid, org, role, amr, as_of } = await keys.verify(token);
  const auth_time = Math.floor(Date.now() / 1000) - 16 * 60;
  return keys.sign({
    sub,
    sid,
    ...(org !== undefined && { org }),
    ...(role && { role }),
    amr,
    as_of,
    auth_time,
  });
}
