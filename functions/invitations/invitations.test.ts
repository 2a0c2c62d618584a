/**
 * Inviting people: who may, what is answered and mailed, and how often.
 * Long because each rule has a case of its own.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHash } from 'node:crypto';
import type { Role } from '../../db/schema.ts';
import { roles } from '../../db/roles.ts';
import { rolesWithin } from '../../lib/core/permissions.ts';
import { api, invitations as invitationsPolicy } from '../../lib/rate-limit/policies.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import {
  inviteByEmail,
  mailedInvitation,
  type TestInvitation,
  verify,
} from '../../test/support/invitations.ts';
import {
  makeOrganization,
  readTrail,
  setRole,
  type TestOrganization,
} from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

/** An organization with one verified person of each role. */
async function prepare() {
  const { id, path, slug, people } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  const [owner, admin, member] = people;
  assert.ok(owner && admin && member);
  await verify(bot, owner, admin, member);
  return { id, path, slug, people, by: { owner, admin, member } };
}

let strangers = 0;
const newcomer = () => `newcomer-${++strangers}@example.org`;

const ask = ({ path }: TestOrganization, token: string, email: string, role: Role = 'member') =>
  bot.send('POST', `${path}/invitations`, { token, body: { email, role } });

async function list({ path }: TestOrganization, token: string): Promise<readonly TestInvitation[]> {
  const response = await bot.send('GET', `${path}/invitations`, { token });
  return (await expectJson<{ invitations: readonly TestInvitation[] }>(response, 200)).invitations;
}

test('an invitation is answered alike and mailed, whether or not the address has an account', async () => {
  const organization = await prepare();
  const { access_token: token, email: inviter } = organization.by.admin;
  const known = await bot.register();
  const answers = await Promise.all(
    [known.email, newcomer()].map(async (email) => {
      const response = await ask(organization, token, email);
      const { invitation } = await expectJson<{ invitation: TestInvitation }>(response, 201);
      assert.equal(invitation.email, email);
      const { text, html } = (await bot.emails(email)).at(-1) ?? { text: '', html: '' };
      for (const part of [text, html]) {
        assert.ok(part.includes(inviter) && part.includes(organization.slug), part);
        assert.doesNotMatch(part, /Analytical Engines/, 'nothing that anybody typed');
      }
      return { ...invitation, id: '', email: '', created_at: '', expires_at: '' };
    }),
  );
  assert.deepEqual(answers[0], answers[1]);
  const days = (await list(organization, token)).map(
    ({ created_at, expires_at }) => (Date.parse(expires_at) - Date.parse(created_at)) / 86_400_000,
  );
  assert.deepEqual(days, [7, 7]);
});

test('at rest there is only the hash of the token, and the trail has the act', async () => {
  const organization = await prepare();
  const { owner } = organization.by;
  const invited = await inviteByEmail(bot, { ...organization, token: owner.access_token, email: newcomer() });
  const [row] = await bot.database.sql<{ tokenHash: Uint8Array; text: string }>`
    select token_hash, invitations::text as text from invitations where id = ${invited.id}`;
  assert.deepEqual(Buffer.from(row?.tokenHash ?? []), createHash('sha256').update(invited.token).digest());
  assert.ok(!row?.text.includes(invited.token));
  const trail = await readTrail(bot, organization.id);
  assert.deepEqual(
    trail
      .filter(({ event }) => event === 'member.invited')
      .map(({ userId, actorId, targetId }) => ({ userId, actorId, targetId })),
    [{ userId: owner.user.id, actorId: owner.user.id, targetId: invited.id }],
  );
});

test('of 27 combinations, each role invites only up to its own, and never takes back what is above it', async () => {
  for (const inviter of roles) {
    for (const role of roles) {
      const organization = await prepare();
      const { access_token: token } = organization.by[inviter];
      const email = newcomer();
      const response = await ask(organization, token, email, role);
      const mayInvite = inviter !== 'member' && rolesWithin(inviter).includes(role);
      if (!mayInvite) await expectProblem(response, 'permission-denied');
      else assert.equal(response.status, 201);
      for (const pending of roles) {
        const other = newcomer();
        const { owner } = organization.by;
        const invited = await inviteByEmail(bot, {
          ...organization,
          token: owner.access_token,
          email: other,
          role: pending,
        });
        const reaches = mayInvite && rolesWithin(inviter).includes(pending);
        const renewed = await ask(organization, token, other, role);
        assert.equal(renewed.status, reaches ? 201 : 403, `${inviter} renews ${pending} as ${role}`);
        const mayRevoke = inviter !== 'member' && rolesWithin(inviter).includes(reaches ? role : pending);
        const revoked = await bot.send('DELETE', `${organization.path}/invitations/${invited.id}`, { token });
        assert.equal(revoked.status, mayRevoke ? 204 : 403, `${inviter} revokes ${pending}`);
      }
    }
  }
});

test('only a member may ask, and only who has proven an address invites', async () => {
  const organization = await prepare();
  const stranger = await bot.register();
  await verify(bot, stranger);
  const paths = ['', `/${stranger.user.id}/resend`, '/x/resend'];
  for (const path of paths) {
    const body = path === '' ? { email: newcomer(), role: 'member' } : undefined;
    await expectProblem(
      await bot.send('POST', `${organization.path}/invitations${path}`, {
        token: stranger.access_token,
        body,
      }),
      'not-found',
    );
  }
  await expectProblem(
    await bot.send('GET', `${organization.path}/invitations`, { token: stranger.access_token }),
    'not-found',
  );
  await expectProblem(
    await bot.send('GET', `${organization.path}/invitations`, {
      token: organization.by.member.access_token,
    }),
    'permission-denied',
  );
  const unproven = await bot.register();
  await setRole(bot, organization.id, unproven.user.id, 'admin');
  await expectProblem(await ask(organization, unproven.access_token, newcomer()), 'email-unverified');
  assert.deepEqual(await list(organization, organization.by.owner.access_token), []);
});

test('inviting an address again renews the one invitation, and its newest link alone is good', async () => {
  const organization = await prepare();
  const { owner, admin } = organization.by;
  const email = newcomer();
  const first = await inviteByEmail(bot, { ...organization, token: owner.access_token, email });
  await bot.database
    .sql`update invitations set expires_at = now() - interval '1 hour' where id = ${first.id}`;
  const second = await inviteByEmail(bot, {
    ...organization,
    token: admin.access_token,
    email,
    role: 'admin',
  });
  assert.equal(second.id, first.id);
  assert.equal(second.invited_by, admin.user.id);
  assert.ok(Date.parse(second.expires_at) > Date.now());
  assert.equal((await list(organization, owner.access_token)).length, 1);
  await expectProblem(
    await bot.send('POST', '/v1/invitations/accept', { body: { token: first.token } }),
    'invitation-invalid',
  );
  assert.equal(
    (await bot.send('POST', '/v1/invitations/accept', { body: { token: second.token } })).status,
    200,
  );
});

test('twenty at once for one address leave one invitation', async () => {
  const organization = await prepare();
  const { access_token: token } = organization.by.owner;
  const email = newcomer();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(organization, token, email)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
  assert.equal((await list(organization, token)).length, 1);
});

test('a mailbox that is due no more emails gets none: same answer, and the link of before stays good', async () => {
  const organization = await prepare();
  const { access_token: token } = organization.by.owner;
  const email = newcomer();
  for (let nth = 0; nth < 5; nth++) {
    await bot.send('POST', '/v1/auth/magic-link', { body: { email } });
  }
  const before = (await bot.emails(email)).length;
  const response = await ask(organization, token, email);
  const { invitation } = await expectJson<{ invitation: TestInvitation }>(response, 201);
  assert.equal((await bot.emails(email)).length, before, 'sign-in links have used the mailbox up');

  const other = newcomer();
  const invited = await inviteByEmail(bot, { ...organization, token, email: other });
  for (let nth = 0; nth < 6; nth++) {
    const again = await bot.send('POST', `${organization.path}/invitations/${invited.id}/resend`, { token });
    await expectJson(again, 202);
  }
  const mails = await bot.emails(other);
  assert.equal(mails.length, 5);
  const newest = await mailedInvitation(bot, other);
  assert.equal((await bot.send('POST', '/v1/invitations/accept', { body: { token: newest } })).status, 200);
  assert.ok(invitation.id);
});

test('an organization sends thirty a day, whoever invites; refusals of the inviter do not count', async () => {
  const organization = await prepare();
  const { owner, admin, member } = organization.by;
  for (let nth = 0; nth < 40; nth++) {
    await expectProblem(await ask(organization, owner.access_token, member.email), 'already-member');
    await expectProblem(await ask(organization, member.access_token, newcomer()), 'permission-denied');
  }
  const tokens = [owner.access_token, admin.access_token];
  const answers = await Promise.all(
    Array.from({ length: 34 }, (_, nth) => ask(organization, tokens[nth % 2] ?? '', newcomer())),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 30);
  const refused = answers.find(({ status }) => status === 429);
  assert.ok(refused);
  const problem = await expectProblem(refused, 'quota-exceeded');
  assert.deepEqual(problem['violated-policies'], ['invitations']);
});

test('one person sends sixty a day, in however many organizations', async () => {
  const inviter = await bot.register();
  await verify(bot, inviter);
  const { access_token: token } = inviter;
  const made = await Promise.all(
    Array.from({ length: 4 }, () => bot.send('POST', '/v1/organizations', { token, body: { name: 'Spam' } })),
  );
  const organizations = await Promise.all(
    made.map((each) => expectJson<{ organization: { id: string } }>(each, 201)),
  );
  const answers = await Promise.all(
    Array.from({ length: 70 }, (_, nth) => {
      const path = `/v1/organizations/${organizations[nth % 4]?.organization.id ?? ''}`;
      return bot.send('POST', `${path}/invitations`, { token, body: { email: newcomer(), role: 'member' } });
    }),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 60);
  const refused = answers.find(({ status }) => status === 429);
  assert.ok(refused);
  const problem = await expectProblem(refused, 'quota-exceeded');
  assert.deepEqual(problem['violated-policies'], ['inviter']);
  const other = await prepare();
  assert.equal((await ask(other, other.by.owner.access_token, newcomer())).status, 201);
});

test('the hundred and first open invitation is refused, and one that is revoked makes room', async () => {
  const organization = await prepare();
  const { access_token: token, user } = organization.by.owner;
  await bot.database.sql`
    insert into invitations (id, organization_id, email, role, invited_by, token_hash, expires_at)
    select gen_random_uuid(), ${organization.id}, 'full-' || n || '@example.org', 'member', ${user.id},
      sha256((${organization.id}::text || n)::bytea), now() + interval '1 day'
    from generate_series(1, 99) as n`;
  assert.equal((await ask(organization, token, newcomer())).status, 201);
  await expectProblem(await ask(organization, token, newcomer()), 'too-many-invitations');
  assert.equal((await ask(organization, token, 'full-1@example.org')).status, 201, 'renewing takes no room');
  const [oldest] = (await list(organization, token)).slice(-1);
  await expectEmpty(
    await bot.send('DELETE', `${organization.path}/invitations/${oldest?.id ?? ''}`, { token }),
    204,
  );
  assert.equal((await ask(organization, token, newcomer())).status, 201);
});

test('revoking ends the link, and cannot be done twice', async () => {
  const organization = await prepare();
  const { access_token: token, user } = organization.by.admin;
  const invited = await inviteByEmail(bot, { ...organization, token, email: newcomer() });
  const path = `${organization.path}/invitations/${invited.id}`;
  await expectEmpty(await bot.send('DELETE', path, { token }), 204);
  await expectProblem(await bot.send('DELETE', path, { token }), 'not-found');
  await expectProblem(await bot.send('POST', `${path}/resend`, { token }), 'not-found');
  for (const act of ['accept', 'decline']) {
    const response = await bot.send('POST', `/v1/invitations/${act}`, { body: { token: invited.token } });
    await expectProblem(response, 'invitation-invalid');
  }
  const trail = await readTrail(bot, organization.id);
  const [revoked] = trail.filter(({ event }) => event === 'invitation.revoked');
  assert.deepEqual([revoked?.actorId, revoked?.targetId], [user.id, invited.id]);
});

test('an invitation of another organization is not found', async () => {
  const [one, another] = [await prepare(), await prepare()];
  const { access_token: token } = one.by.owner;
  const theirs = await inviteByEmail(bot, {
    ...another,
    token: another.by.owner.access_token,
    email: newcomer(),
  });
  const path = `${one.path}/invitations/${theirs.id}`;
  await expectProblem(await bot.send('DELETE', path, { token }), 'not-found');
  await expectProblem(await bot.send('POST', `${path}/resend`, { token }), 'not-found');
  assert.equal((await list(another, another.by.owner.access_token)).length, 1);
});

test('nobody uses up the invitations of an organization that they are not in', async () => {
  const organization = await prepare();
  const stranger = await bot.register();
  await verify(bot, stranger);
  for (let nth = 0; nth < invitationsPolicy.limit; nth++) {
    await expectProblem(await ask(organization, stranger.access_token, newcomer()), 'not-found');
  }
  await bot.services.rateLimits.reset(api, `user:${organization.by.owner.user.id}`);
  assert.equal((await ask(organization, organization.by.owner.access_token, newcomer())).status, 201);
});
