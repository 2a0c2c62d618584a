/**
 * Accepting an invitation: one step from the email to a session in the organization, whoever its reader is so far.
 * Long because each kind of reader, and each end of an invitation, has a case of its own.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '../../db/schema.ts';
import { roles } from '../../db/roles.ts';
import { rolesWithin } from '../../lib/core/permissions.ts';
import { invitations as invitationsPolicy } from '../../lib/rate-limit/policies.ts';
import { type Registered, startBlockbot, type TestBlockbot } from '../../test/support/blockbot.ts';
import { inviteByEmail, verify } from '../../test/support/invitations.ts';
import { makeOrganization, readRoles, readTrail, setRole } from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { bareSettings } from '../../test/support/settings.ts';

const bot = await startBlockbot();

async function prepare(on: TestBlockbot = bot) {
  const { id, path, slug, people } = await makeOrganization(on, ['owner', 'admin', 'member']);
  const [owner, admin, member] = people;
  assert.ok(owner && admin && member);
  await verify(on, owner, admin, member);
  const inviteAs = (inviter: Registered, email: string, role: Role = 'member') =>
    inviteByEmail(on, { path, token: inviter.access_token, email, role });
  return { id, path, slug, by: { owner, admin, member }, inviteAs };
}

let strangers = 0;
const newcomer = () => `invited-${++strangers}@example.org`;

interface Joined {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly device_token: string;
  readonly organization: { readonly id: string; readonly slug: string; readonly role: Role };
}

const accept = (token: string, bearer?: string, on: TestBlockbot = bot) =>
  on.send('POST', '/v1/invitations/accept', {
    body: { token },
    ...(bearer !== undefined && { token: bearer }),
  });

interface Account {
  readonly id: string;
  readonly verified: boolean;
  readonly password: boolean;
  readonly sessions: number;
  readonly organizations: number;
}

async function readAccount(email: string, { database }: TestBlockbot = bot): Promise<Account | undefined> {
  const [found] = await database.sql<Account>`
    select id, email_verified_at is not null as verified, password_hash is not null as password,
      (select count(*)::int from live_sessions where user_id = users.id) as sessions,
      (select count(*)::int from memberships where user_id = users.id) as organizations
    from users where email = ${email}`;
  return found;
}

test('without an account: one request makes it verified, without a password, and a member with a session', async () => {
  const organization = await prepare();
  const email = newcomer();
  const { token } = await organization.inviteAs(organization.by.owner, email, 'admin');
  const joined = await expectJson<Joined>(await accept(token), 200);
  assert.deepEqual(
    { id: joined.organization.id, slug: joined.organization.slug, role: joined.organization.role },
    { id: organization.id, slug: organization.slug, role: 'admin' },
  );
  const account = await readAccount(email);
  assert.ok(account);
  assert.deepEqual(account, {
    id: account.id,
    verified: true,
    password: false,
    sessions: 1,
    organizations: 1,
  });
  assert.equal((await readRoles(bot, organization.id)).get(account.id), 'admin');
  const me = await bot.send('GET', '/v1/me', { token: joined.access_token });
  const { organization: current } = await expectJson<Joined>(me, 200);
  assert.equal(current.id, organization.id);
  const [claims] = joined.access_token.split('.').slice(1);
  const { org, role } = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString()) as {
    org: string;
    role: Role;
  };
  assert.deepEqual([org, role], [organization.id, 'admin']);
  const events = await readTrail(bot, organization.id);
  const [event] = events.filter(({ event: name }) => name === 'member.joined');
  assert.deepEqual([event?.userId, event?.actorId, event?.targetId], [account.id, account.id, account.id]);
  assert.ok(event?.sessionId);
});

test('an account that was never verified loses its password, its sessions and what it asked for', async () => {
  const organization = await prepare();
  const squatter = await bot.register();
  await bot.send('POST', '/v1/auth/magic-link', { body: { email: squatter.email } });
  const { token } = await organization.inviteAs(organization.by.owner, squatter.email);
  const joined = await expectJson<Joined>(await accept(token), 200);
  const account = await readAccount(squatter.email);
  assert.deepEqual(account, {
    id: squatter.user.id,
    verified: true,
    password: false,
    sessions: 1,
    organizations: 2,
  });
  await expectProblem(
    await bot.send('GET', '/v1/me', { token: squatter.access_token }),
    'access-token-stale',
  );
  const { password, email } = squatter;
  await expectProblem(
    await bot.send('POST', '/v1/auth/login', { body: { email, password } }),
    'invalid-credentials',
  );
  const [{ pending } = { pending: -1 }] = await bot.database.sql<{ pending: number }>`
    select count(*)::int as pending from magic_links
    where email = ${email} and used_at is null and expires_at > now()`;
  assert.equal(pending, 0);
  assert.equal((await bot.send('GET', '/v1/me', { token: joined.access_token })).status, 200);
});

test('a verified account keeps password and sessions, with its own access token or without', async () => {
  for (const isSignedIn of [true, false]) {
    const organization = await prepare();
    const person = await bot.register();
    await verify(bot, person);
    const { token } = await organization.inviteAs(organization.by.owner, person.email);
    const response = await accept(token, isSignedIn ? person.access_token : undefined);
    assert.equal((await expectJson<Joined>(response, 200)).organization.id, organization.id);
    const account = await readAccount(person.email);
    assert.deepEqual(account, {
      id: person.user.id,
      verified: true,
      password: true,
      sessions: 2,
      organizations: 2,
    });
    assert.equal((await bot.send('GET', '/v1/me', { token: person.access_token })).status, 200);
  }
});

test('signed in as somebody else: refused, and nothing is used up', async () => {
  const organization = await prepare();
  const other = await bot.register();
  const email = newcomer();
  const { token } = await organization.inviteAs(organization.by.owner, email);
  await expectProblem(await accept(token, other.access_token), 'invitation-for-another-address');
  assert.equal(await readAccount(email), undefined);
  assert.ok(!(await readRoles(bot, organization.id)).has(other.user.id));
  await expectProblem(await accept(token, 'not.a.token'), 'access-token-invalid');
  assert.equal((await accept(token)).status, 200);
});

test('closed sign-up keeps out whoever registers, and nobody who was invited', async () => {
  const settings = { ...bareSettings, signUpOpen: true };
  const open = await startBlockbot({ settings });
  const organization = await prepare(open);
  const email = newcomer();
  const { token } = await organization.inviteAs(organization.by.owner, email);
  settings.signUpOpen = false;
  const body = { email: newcomer(), password: 'correct horse battery staple' };
  await expectProblem(await open.send('POST', '/v1/auth/register', { body }), 'sign-up-closed');
  assert.equal((await accept(token, undefined, open)).status, 200);
  assert.equal((await readAccount(email, open))?.organizations, 1);
});

const isRole = (text: string): text is Role => roles.some((role) => role === text);

test('what the inviter could no longer give falls to member; whoever is gone has invited a member', async () => {
  for (const given of roles) {
    for (const present of [...roles, 'removed', 'disabled', 'deleted'] as const) {
      const { id, by, inviteAs } = await prepare();
      const inviter = by.owner;
      const email = newcomer();
      const { token } = await inviteAs(inviter, email, given);
      await bot.database.sql`update memberships set role = 'owner' where user_id = ${by.admin.user.id}`;
      if (present === 'removed') {
        await bot.database.sql`
          delete from memberships where organization_id = ${id} and user_id = ${inviter.user.id}`;
      } else if (present === 'disabled') {
        await bot.database.sql`
          update users set disabled_at = now(), disabled_reason = 'security' where id = ${inviter.user.id}`;
      } else if (present === 'deleted') {
        const { password } = inviter;
        const response = await bot.send('DELETE', '/v1/me', {
          token: inviter.access_token,
          body: { password },
        });
        await expectEmpty(response, 204);
      } else await setRole(bot, id, inviter.user.id, present);
      const isStill = isRole(present) && rolesWithin(present).includes(given);
      const { organization } = await expectJson<Joined>(await accept(token), 200);
      assert.equal(organization.role, isStill ? given : 'member', `${given} by who is ${present}`);
      const account = await readAccount(email);
      assert.equal((await readRoles(bot, id)).get(account?.id ?? ''), organization.role);
    }
  }
});

test('the invitation of an organization that is deleted is not valid, and of one that is restored is', async () => {
  const organization = await prepare();
  const { token } = await organization.inviteAs(organization.by.owner, newcomer());
  await bot.database.sql`update organizations set deleted_at = now() where id = ${organization.id}`;
  await expectProblem(await accept(token), 'invitation-invalid');
  await bot.database.sql`update organizations set deleted_at = null where id = ${organization.id}`;
  assert.equal((await accept(token)).status, 200);
});

test('fifty at once: one membership, one session, forty-nine are told that it was used', async () => {
  const organization = await prepare();
  for (const email of [newcomer(), (await bot.register()).email]) {
    const { token } = await organization.inviteAs(organization.by.owner, email);
    const answers = await Promise.all(Array.from({ length: 50 }, () => accept(token)));
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, ...Array.from({ length: 49 }, () => 410)]);
    const account = await readAccount(email);
    assert.equal(account?.sessions, 1);
    const [{ memberships } = { memberships: -1 }] = await bot.database.sql<{ memberships: number }>`
      select count(*)::int as memberships from memberships
      where organization_id = ${organization.id} and user_id = ${account?.id ?? ''}`;
    assert.equal(memberships, 1);
  }
});

test('of an acceptance and what ends it at once, one wins', async () => {
  const organization = await prepare();
  const { access_token: bearer } = organization.by.owner;
  const enders = {
    decline: (token: string) => bot.send('POST', '/v1/invitations/decline', { body: { token } }),
    revoke: (_: string, id: string) =>
      bot.send('DELETE', `${organization.path}/invitations/${id}`, { token: bearer }),
  };
  for (const end of Object.values(enders)) {
    for (let trial = 0; trial < 10; trial++) {
      const email = newcomer();
      const { token, id } = await organization.inviteAs(organization.by.owner, email);
      const [accepted, ended] = await Promise.all([accept(token), end(token, id)]);
      assert.equal([accepted.status, ended.status].filter((status) => status < 300).length, 1);
      assert.equal((await readAccount(email))?.organizations, accepted.status === 200 ? 1 : undefined);
      await bot.database.sql`delete from invitations where organization_id = ${organization.id}`;
      await bot.services.rateLimits.reset(invitationsPolicy, `organization:${organization.id}`);
    }
  }
});

test('by the email’s token and by one’s own list at once: one membership', async () => {
  const organization = await prepare();
  for (let trial = 0; trial < 5; trial++) {
    const person = await bot.register();
    await verify(bot, person);
    const { token, id } = await organization.inviteAs(organization.by.owner, person.email, 'admin');
    const own = () => bot.send('POST', `/v1/invitations/${id}/accept`, { token: person.access_token });
    const answers = await Promise.all([accept(token), own(), accept(token, person.access_token), own()]);
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 410, 410, 410]);
    assert.equal((await readRoles(bot, organization.id)).get(person.user.id), 'admin');
  }
});

test('of an acceptance and the end of its organization or of its inviter at once, nobody gets what is no more', async () => {
  for (let trial = 0; trial < 5; trial++) {
    const { id, path, slug, by, inviteAs } = await prepare();
    const { owner, admin } = by;
    const [first, second] = [await inviteAs(admin, newcomer(), 'admin'), await inviteAs(owner, newcomer())];
    const [promoted, removed] = await Promise.all([
      accept(first.token),
      bot.send('DELETE', `${path}/members/${admin.user.id}`, { token: owner.access_token }),
    ]);
    await expectEmpty(removed, 204);
    const { organization } = await expectJson<Joined>(promoted, 200);
    assert.ok(['admin', 'member'].includes(organization.role));
    const { id: joinedId = '' } = (await readAccount(first.email)) ?? {};
    assert.equal((await readRoles(bot, id)).get(joinedId), organization.role);
    const [late, deleted] = await Promise.all([
      accept(second.token),
      bot.send('DELETE', path, { token: owner.access_token, body: { slug } }),
    ]);
    await expectEmpty(deleted, 204);
    assert.ok([200, 401].includes(late.status), String(late.status));
    if (late.status === 401) {
      assert.equal(await readAccount(second.email), undefined);
      continue;
    }
    const { access_token: token } = await expectJson<Joined>(late, 200);
    await expectProblem(await bot.send('GET', '/v1/me', { token }), 'access-token-stale');
  }
});

test('a link that is used, expired, unknown or of a member says so', async () => {
  const organization = await prepare();
  const { token } = await organization.inviteAs(organization.by.owner, newcomer());
  assert.equal((await accept(token)).status, 200);
  await expectProblem(await accept(token), 'invitation-used');
  await expectProblem(
    await bot.send('POST', '/v1/invitations/decline', { body: { token } }),
    'invitation-used',
  );
  const late = await organization.inviteAs(organization.by.owner, newcomer());
  await bot.database.sql`update invitations set expires_at = now() where id = ${late.id}`;
  await expectProblem(await accept(late.token), 'invitation-expired');
  await expectProblem(await accept('a-token-that-nobody-was-mailed-0123456789ab'), 'invitation-invalid');
  const member = await bot.register();
  const invited = await organization.inviteAs(organization.by.owner, member.email);
  await setRole(bot, organization.id, member.user.id, 'admin');
  await expectProblem(await accept(invited.token), 'already-member');
  assert.equal((await readRoles(bot, organization.id)).get(member.user.id), 'admin');
});

test('declining takes no account, makes none, and lets the address be invited again', async () => {
  const organization = await prepare();
  const email = newcomer();
  const invited = await organization.inviteAs(organization.by.owner, email);
  await expectEmpty(
    await bot.send('POST', '/v1/invitations/decline', { body: { token: invited.token } }),
    204,
  );
  assert.equal(await readAccount(email), undefined);
  await expectProblem(await accept(invited.token), 'invitation-used');
  const [event] = await bot.database.sql<{ actorKind: string; targetId: string }>`
    select actor_kind, target_id from audit_events
    where organization_id = ${organization.id} and event = 'invitation.declined'`;
  assert.deepEqual(event, { actorKind: 'nobody', targetId: invited.id });
  const again = await organization.inviteAs(organization.by.owner, email);
  assert.notEqual(again.id, invited.id);
  assert.equal((await accept(again.token)).status, 200);
});

test('that it was declined is told to who has proven the address, and to nobody who has only registered it', async () => {
  for (const isProven of [false, true]) {
    const organization = await prepare();
    const person = await bot.register();
    if (isProven) await verify(bot, person);
    const { token } = await organization.inviteAs(organization.by.owner, person.email);
    await expectEmpty(await bot.send('POST', '/v1/invitations/decline', { body: { token } }), 204);
    const [event] = await bot.database.sql<{ userId: string | null }>`
      select user_id from audit_events
      where organization_id = ${organization.id} and event = 'invitation.declined'`;
    assert.equal(event?.userId, isProven ? person.user.id : null);
  }
});

test('who is signed in finds the invitations of a verified address, and accepts one without its email', async () => {
  const organization = await prepare();
  const person = await bot.register();
  const { id } = await organization.inviteAs(organization.by.owner, person.email, 'admin');
  const { access_token: token } = person;
  await expectProblem(await bot.send('GET', '/v1/invitations', { token }), 'email-unverified');
  const path = `/v1/invitations/${id}/accept`;
  await expectProblem(await bot.send('POST', path, { token }), 'email-unverified');
  await verify(bot, person);
  const response = await bot.send('GET', '/v1/invitations', { token });
  const { invitations } = await expectJson<{ invitations: readonly { id: string; role: Role }[] }>(
    response,
    200,
  );
  assert.deepEqual(
    invitations.map((one) => [one.id, one.role]),
    [[id, 'admin']],
  );
  const stranger = await bot.register();
  await verify(bot, stranger);
  await expectProblem(await bot.send('POST', path, { token: stranger.access_token }), 'not-found');
  const answers = await Promise.all(Array.from({ length: 20 }, () => bot.send('POST', path, { token })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [
    200,
    ...Array.from({ length: 19 }, () => 410),
  ]);
  const joined = answers.find(({ status }) => status === 200);
  assert.ok(joined);
  const { access_token, organization: given } = await expectJson<Joined>(joined, 200);
  assert.deepEqual([given.id, given.role], [organization.id, 'admin']);
  const me = await bot.send('GET', '/v1/me', { token: access_token });
  assert.equal((await expectJson<Joined>(me, 200)).organization.id, organization.id);
  const none = await bot.send('GET', '/v1/invitations', { token });
  assert.deepEqual(await expectJson(none, 200), { invitations: [] });
});

test('a deleted account leaves no invitation to it behind, unless the address was never proven', async () => {
  const organization = await prepare();
  for (const isProven of [true, false]) {
    const person = await bot.register();
    if (isProven) await verify(bot, person);
    await organization.inviteAs(organization.by.owner, person.email);
    const { password, access_token: token } = person;
    await expectEmpty(await bot.send('DELETE', '/v1/me', { token, body: { password } }), 204);
    const left = await bot.database.sql<{
      id: string;
    }>`select id from invitations where email = ${person.email}`;
    assert.equal(left.length, isProven ? 0 : 1);
  }
});
