/** The contract of every endpoint about roles: who may what, by what its guard declares and by nothing that is written down here. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { endpoints, pages, type Endpoint, sampleId } from '../../contract/endpoints.ts';
import { roles } from '../../db/roles.ts';
import type { Role } from '../../db/schema.ts';
import { hasPermission } from '../../lib/core/permissions.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import { endTokensOfMembers } from '../../lib/sessions/token-revocation.ts';
import { startBlockbot } from '../support/blockbot.ts';
import { formHeaders } from '../support/browser.ts';
import { makeStale, setRole } from '../support/organizations.ts';
import { expectEmpty, expectProblem } from '../support/responses.ts';

const bot = await startBlockbot();

interface Person {
  readonly userId: string;
  readonly token: string;
}

/** With a session and an access token of the organization, and without the work of a password. */
async function makePerson(organizationId: string, role: Role): Promise<Person> {
  const [userId, sessionId] = [createUuid(), createUuid()];
  await bot.database.sql`
    insert into users (id, email, email_verified_at) values (${userId}, ${`${userId}@example.com`}, now())`;
  await setRole(bot, organizationId, userId, role);
  const [session] = await bot.database.sql<{ now: Date }>`
    insert into refresh_tokens (id, user_id, organization_id, nonce_hash, amr, expires_at)
    values (${sessionId}, ${userId}, ${organizationId}, '\\x00', '{otp}', now() + interval '1 day')
    returning now() as now`;
  assert.ok(session);
  const [as_of, auth_time] = [session.now.getTime(), Math.floor(session.now.getTime() / 1000)];
  const claims = { sub: userId, sid: sessionId, org: organizationId, role, amr: ['otp'], as_of, auth_time };
  return { userId, token: await bot.services.keys.sign(claims) };
}

interface Scene {
  readonly organizationId: string;
  readonly people: Readonly<Record<Role, Person>>;
  /** What an organization's resources are named by in paths and bodies: all of them are there. */
  readonly ids: Readonly<Record<string, string>>;
  readonly slug: string;
}

/** An organization in which there is whatever an endpoint may be about. */
async function setScene(): Promise<Scene> {
  const organizationId = createUuid();
  const slug = `scene-${organizationId}`;
  await bot.database
    .sql`insert into organizations (id, name, slug) values (${organizationId}, 'Scene', ${slug})`;
  const person = (role: Role) => makePerson(organizationId, role);
  const people = {
    owner: await person('owner'),
    admin: await person('admin'),
    member: await person('member'),
  };
  const { userId } = await person('member');
  const invitationId = createUuid();
  await bot.database.sql`
    insert into invitations (id, organization_id, email, role, invited_by, token_hash, emails, expires_at)
    values (${invitationId}, ${organizationId}, ${`${invitationId}@example.com`}, 'member', ${people.owner.userId},
      sha256(${invitationId}::bytea), 1, now() + interval '1 day')`;
  await bot.database.sql`
    insert into join_links (id, organization_id, token_hash, created_by, expires_at)
    values (${createUuid()}, ${organizationId}, sha256(${organizationId}::bytea), ${people.owner.userId},
      now() + interval '1 day')`;
  const keyId = createUuid();
  await bot.database.sql`
    insert into api_keys (id, organization_id, name, secret_hash, scopes, expires_at)
    values (${keyId}, ${organizationId}, 'Scene', sha256(${keyId}::bytea), '{members:read}', now() + interval '1 day')`;
  const ids = { id: organizationId, user_id: userId, invitation_id: invitationId, key_id: keyId };
  return { organizationId, people, ids, slug };
}

/** A sound request, about what is there. */
function send(
  { app, method, template, path, soundBody, needsOwnApp }: Endpoint,
  scene: Scene,
  token: string,
) {
  const names = [...template.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const isAbout = isOfOrganization({ template });
  const concrete = names.reduce((text, name) => {
    assert.ok(name in scene.ids, `this test has nothing that :${name} could be`);
    return text.replace(`:${name}`, scene.ids[name] ?? '');
  }, template);
  const { user_id } = scene.ids;
  const body = soundBody && {
    ...soundBody,
    ...('user_id' in soundBody && { user_id }),
    ...(isAbout && 'slug' in soundBody && { slug: scene.slug }),
  };
  const headers = needsOwnApp ? { Origin: 'https://app.example.com' } : {};
  const request = { token, headers, ...(body && { body }) };
  return bot.send(method, isAbout ? concrete : path, request, app);
}

const isOfOrganization = ({ template }: Pick<Endpoint, 'template'>) =>
  template.startsWith('/v1/organizations/:');

/** Whatever an organization has, to see that nothing of it changed. */
const readAll = ({ organizationId }: Scene) => bot.database.sql`
  select to_jsonb(organizations) as organization,
    (select jsonb_agg(to_jsonb(memberships) order by user_id) from memberships where organization_id = organizations.id) as members,
    (select jsonb_agg(to_jsonb(invitations) order by id) from invitations where organization_id = organizations.id) as invitations,
    (select jsonb_agg(to_jsonb(api_keys) order by id) from api_keys where organization_id = organizations.id) as keys,
    (select jsonb_agg(to_jsonb(join_links) order by id) from join_links where organization_id = organizations.id) as links,
    (select count(*)::int from audit_events where organization_id = organizations.id) as events
  from organizations where id = ${organizationId}`;

const needsToken = endpoints.filter(({ needsUser, takesUser }) => needsUser || takesUser);

for (const endpoint of needsToken.filter((one) => isOfOrganization(one) || one.demands.membership)) {
  const { membership } = endpoint.demands;
  suite(`${endpoint.method} ${endpoint.template}`, () => {
    test('says what it asks of a member, and is one of an organization', () => {
      assert.ok(membership, 'its guard declares no membership');
      assert.ok(isOfOrganization(endpoint), 'a membership of which organization');
    });
    if (!membership) return;

    for (const role of roles) {
      const may = hasPermission(role, membership);
      test(`${may ? 'does what it is for' : `denies ${membership} and does nothing`} for one who is ${role}`, async () => {
        const scene = await setScene();
        const before = await readAll(scene);
        const response = await send(endpoint, scene, scene.people[role].token);
        if (may) {
          assert.ok(response.ok, `${response.status} ${await response.text()}`);
          return;
        }
        await expectProblem(response, 'permission-denied');
        assert.match(response.headers.get('www-authenticate') ?? '', new RegExp(`scope="${membership}"`));
        assert.deepEqual(await readAll(scene), before);
      });
    }

    test('goes by the role of now, and not by the one in the token', async () => {
      const scene = await setScene();
      await setRole(bot, scene.organizationId, scene.people.owner.userId, 'member');
      const response = await send(endpoint, scene, scene.people.owner.token);
      if (hasPermission('member', membership)) assert.ok(response.ok);
      else await expectProblem(response, 'permission-denied');
    });

    test('is not found by the owner of another organization, as what never was, and nothing changes', async () => {
      const [scene, foreign] = [await setScene(), await setScene()];
      const before = await readAll(scene);
      const { token } = foreign.people.owner;
      const refused = await expectProblem(await send(endpoint, scene, token), 'not-found');
      const nowhere = { ...scene, ids: { ...scene.ids, id: sampleId } };
      const absent = await expectProblem(await send(endpoint, nowhere, token), 'not-found');
      assert.deepEqual({ ...refused, request_id: '' }, { ...absent, request_id: '' });
      assert.deepEqual(await readAll(scene), before);
    });

    test('finds nothing of a deleted organization', async () => {
      const scene = await setScene();
      await bot.database.sql`update organizations set deleted_at = now() where id = ${scene.organizationId}`;
      await expectProblem(await send(endpoint, scene, scene.people.owner.token), 'not-found');
    });

    test('knows nobody whose account is disabled', async () => {
      const scene = await setScene();
      const { userId, token } = scene.people.owner;
      await bot.database.sql`
        update users set disabled_at = now(), disabled_reason = 'abuse' where id = ${userId}`;
      await expectProblem(await send(endpoint, scene, token), 'session-ended');
    });
  });
}

for (const endpoint of needsToken) {
  suite(`${endpoint.method} ${endpoint.template}`, () => {
    const { permission, membership, freshness } = endpoint.demands;

    if (!membership) {
      test(`${permission ? `asks for ${permission}` : 'asks for no role'} in the organization of the token`, async () => {
        const scene = await setScene();
        for (const role of roles) {
          const response = await send(endpoint, scene, scene.people[role].token);
          if (!hasPermission(role, permission ?? 'members:read')) {
            await expectProblem(response, 'permission-denied');
            continue;
          }
          assert.doesNotMatch(await response.text(), /problems\/(?:permission-denied|access-token-stale)"/);
        }
      });
    }

    test('refuses a token of before the role changed', async () => {
      const scene = await setScene();
      const { organizationId, people } = scene;
      const { userId, token } = people.owner;
      await endTokensOfMembers(bot.services, [{ organizationId, userId }], Date.now() + 1000);
      await expectProblem(await send(endpoint, scene, token), 'access-token-stale');
    });

    const seconds = freshness?.maxAgeSeconds;
    test(seconds ? `asks for a sign-in within ${seconds} s` : 'asks for no fresh sign-in', async () => {
      const scene = await setScene();
      const old = await makeStale(bot, scene.people.owner.token);
      const response = await send(endpoint, scene, old);
      if (seconds) await expectProblem(response, 'reauthentication-required');
      else assert.notEqual(response.headers.get('www-authenticate')?.includes('max_age'), true);
    });
  });
}

// What the gate takes is told by its own tests.
for (const endpoint of endpoints.filter((one) => !needsToken.includes(one) && !one.isGate)) {
  test(`${endpoint.method} ${endpoint.template} takes no access token for anything`, async () => {
    const scene = await setScene();
    const { token } = scene.people.owner;
    const [without, bearing] = [
      await bot.send(endpoint.method, endpoint.path, toRequest(endpoint), endpoint.app),
      await bot.send(endpoint.method, endpoint.path, { ...toRequest(endpoint), token }, endpoint.app),
    ];
    assert.equal(bearing.status, without.status);
  });
}

const toRequest = ({ needsOwnApp, takesBody }: Endpoint) => ({
  ...(takesBody && { body: '{' }),
  headers: { 'Content-Type': 'application/json', ...(needsOwnApp && { Origin: 'https://app.example.com' }) },
});

for (const page of pages.filter(({ needsBrowserUser }) => needsBrowserUser)) {
  test(`${page.method} ${page.template} sends a browser whose access token is stale, and nothing else, to sign in`, async () => {
    const scene = await setScene();
    const { userId, token } = scene.people.owner;
    await endTokensOfMembers(
      bot.services,
      [{ organizationId: scene.organizationId, userId }],
      Date.now() + 1000,
    );
    const isForm = page.method === 'POST';
    const headers = { Cookie: `__Host-access=${token}`, ...(isForm && formHeaders) };
    const request = { headers, ...(isForm && { body: new URLSearchParams(toFields(page)).toString() }) };
    const response = await bot.send(page.method, page.path, request, page.app);
    await expectEmpty(response, 303);
    assert.match(response.headers.get('location') ?? '', /^\/auth\/sign-in/);
  });
}

const toFields = ({ soundBody = {} }: Endpoint) =>
  Object.fromEntries(Object.entries(soundBody).map(([name, value]) => [name, String(value)]));
