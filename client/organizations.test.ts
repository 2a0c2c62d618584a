/** A session that goes on in another organization: whose tokens are sent from then on, by every tab. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../test/support/blockbot.ts';
import { inviteByEmail, verify } from '../test/support/invitations.ts';
import { makeOrganization } from '../test/support/organizations.ts';
import { expectJson } from '../test/support/responses.ts';
import { holdBack, serve } from '../test/support/served-blockbot.ts';
import { createSharedStore } from '../test/support/shared-store.ts';
import { type Client, createClient } from './client.ts';
import type { Tokens } from './session.ts';
import { createMemoryStore, type Store } from './store.ts';

const bot = await startBlockbot();
const served = await serve(bot);
const baseUrl = served.url;

/** Two tabs of somebody with an organization of their own who is a member of another one, too. */
async function openTabs() {
  const { id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  assert.ok(owner && member);
  const toTab = createSharedStore();
  const store = toTab();
  const client = createClient({ baseUrl, store });
  const { email, password } = member;
  await client.post('/v1/auth/login', { body: { email, password } });
  const other = createClient({ baseUrl, store: toTab() });
  return { id, owner, member, client, other, store };
}

const switchTo = (client: Client, organization_id: string) =>
  client.post('/v1/sessions/current/organization', { body: { organization_id } });

/** By the token that it sends: what the API tells at `/v1/me` is what the session's row has. */
async function workingIn(client: Client) {
  const token = await client.accessToken();
  return token === undefined ? undefined : (await bot.services.keys.verify(token)).org;
}

const read = async (store: Store) => JSON.parse((await store.get('session')) ?? 'null') as Tokens;

const end = async (store: Store) =>
  store.set('session', JSON.stringify({ ...(await read(store)), expiresAt: 0 }));

test('who switches sends tokens of the other organization from then on, and so does every tab', async () => {
  const { id, member, client, other, store } = await openTabs();
  const before = await read(store);
  assert.equal(await workingIn(other), member.organization.id);
  assert.equal((await switchTo(client, id)).status, 200);
  served.asked.splice(0);
  assert.deepEqual([await workingIn(client), await workingIn(other)], [id, id]);
  assert.deepEqual(served.asked, []);
  const { signIn, refreshToken, expiresAt } = await read(store);
  assert.deepEqual([signIn, refreshToken], [before.signIn, before.refreshToken]);
  assert.ok(expiresAt > before.expiresAt);
  await end(store);
  assert.deepEqual([await workingIn(other), await workingIn(client)], [id, id]);
});

test('who accepts an invitation, or joins by a link, sends tokens of the organization', async () => {
  const { member, client } = await openTabs();
  const { path, id, people } = await makeOrganization(bot, ['owner']);
  const [owner] = people;
  assert.ok(owner);
  await verify(bot, owner, member);
  const invitation = await inviteByEmail(bot, { path, token: owner.access_token, email: member.email });
  const accepted = await client.post('/v1/invitations/{id}/accept', { path: { id: invitation.id } });
  assert.equal(accepted.status, 200, JSON.stringify(accepted.error));
  assert.equal(await workingIn(client), id);

  const another = await makeOrganization(bot, ['owner']);
  await verify(bot, ...another.people);
  const { token } = await expectJson<{ token: string }>(
    await bot.send('POST', `${another.path}/join-link`, {
      token: another.people[0]?.access_token ?? '',
      body: {},
    }),
    201,
  );
  const joined = await client.post('/v1/join', { body: { token } });
  assert.equal(joined.status, 200, JSON.stringify(joined.error));
  assert.equal(await workingIn(client), another.id);
});

test('a refresh that was answered before the switch, and arrives after it, does not bring the former one back', async () => {
  const { id, client, other, store } = await openTabs();
  const before = await read(store);
  await store.set('session', JSON.stringify({ ...before, expiresAt: Date.now() + 20_000 }));
  const refresh = holdBack(served, '/refresh');
  const waiting = workingIn(other);
  await refresh.answered;
  // With a token that is good yet: this tab has not looked at its end.
  await store.set('session', JSON.stringify(before));
  assert.equal((await switchTo(client, id)).status, 200);
  refresh.handOut();
  assert.equal(await waiting, id);
  assert.deepEqual([await workingIn(client), await workingIn(other)], [id, id]);
  const after = await read(store);
  assert.notEqual(after.refreshToken, before.refreshToken);
  await end(store);
  assert.equal(await workingIn(client), id);
});

test('a switch whose answer arrives after a refresh keeps the refresh token that is good now', async () => {
  const { id, client, other, store } = await openTabs();
  const switching = holdBack(served, '/organization');
  const switched = switchTo(client, id);
  await switching.answered;
  await end(store);
  assert.equal(await workingIn(other), id);
  const { refreshToken } = await read(store);
  switching.handOut();
  assert.equal((await switched).status, 200);
  assert.equal((await read(store)).refreshToken, refreshToken);
  assert.deepEqual([await workingIn(client), await workingIn(other)], [id, id]);
});

test('a switch that is answered after its person has signed out, or another one in, changes nothing', async () => {
  const { id, client, other, owner } = await openTabs();
  const switchLate = async (goOn: () => Promise<unknown>) => {
    const switching = holdBack(served, '/organization');
    const switched = switchTo(client, id);
    await switching.answered;
    await goOn();
    switching.handOut();
    assert.equal((await switched).status, 200);
  };
  const { email, password } = owner;
  await switchLate(() => other.post('/v1/auth/login', { body: { email, password } }));
  assert.equal((await client.get('/v1/me')).data?.user.email, email);
  await switchLate(() => other.signOut());
  assert.equal(await client.isSignedIn(), false);
});

test('an access token of the caller is none of this client, and neither is what it is answered', async () => {
  const { id, owner, member, client, store } = await openTabs();
  const before = await store.get('session');
  const headers = { Authorization: `Bearer ${owner.access_token}` };
  const answer = await client.post('/v1/sessions/current/organization', {
    body: { organization_id: id },
    headers,
  });
  assert.equal(answer.status, 200, JSON.stringify(answer.error));
  const stranger = await bot.register();
  const refreshed = await client.post('/v1/auth/refresh', {
    body: { refresh_token: stranger.refresh_token },
  });
  assert.equal(refreshed.status, 200);
  const deleted = await client.delete('/v1/me', {
    body: { password: stranger.password },
    headers: { Authorization: `Bearer ${refreshed.data.access_token}` },
  });
  assert.equal(deleted.status, 204);
  assert.equal(await store.get('session'), before);
  assert.equal(await workingIn(client), member.organization.id);
});

test('whoever refreshes by a call, for one organization or another, is signed in with the newest tokens', async () => {
  const { id, member, client, other, store } = await openTabs();
  for (const organization_id of [id, member.organization.id, id]) {
    const { refreshToken: refresh_token } = await read(store);
    const answer = await client.post('/v1/auth/refresh', { body: { refresh_token, organization_id } });
    assert.equal(answer.status, 200, JSON.stringify(answer.error));
    assert.equal((await read(store)).refreshToken, answer.data.refresh_token);
    assert.deepEqual([await workingIn(client), await workingIn(other)], [organization_id, organization_id]);
  }
  // The session stays in the organization that it was in.
  await end(store);
  assert.equal(await workingIn(client), member.organization.id);
});

test('the access token that cookies give belongs to the session of the cookies', async () => {
  const store = createMemoryStore();
  const client = createClient({ baseUrl, store });
  const { email, password } = await bot.register();
  await client.post('/v1/auth/login', { body: { email, password } });
  const before = await store.get('session');
  served.answer = (request) =>
    request.url.endsWith('/browser/token')
      ? Response.json({ access_token: 'of the cookies', token_type: 'Bearer', expires_in: 900 })
      : undefined;
  const answer = await client.post('/v1/auth/browser/token', { body: {} });
  served.answer = undefined;
  assert.equal(answer.data?.access_token, 'of the cookies');
  assert.equal(await store.get('session'), before);
});
