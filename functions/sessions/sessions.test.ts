/** Listing and ending sessions, through the endpoints together: what one ends, another shows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { createDeafStore } from '../../test/support/deaf-store.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import list from './list.ts';
import logout from './logout.ts';
import revokeOthers from './revoke-others.ts';
import revoke from './revoke.ts';

const bot = await startBlockbot({ rateLimits: createDeafStore() });

interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
}

interface SessionList {
  readonly sessions: readonly {
    readonly id: string;
    readonly current: boolean;
    readonly user_agent: string | null;
  }[];
}

async function signIn(
  { email, password }: { email: string; password: string },
  userAgent: string,
): Promise<TokenPair> {
  const headers = { 'User-Agent': userAgent };
  return expectJson(await bot.send('POST', '/v1/auth/login', { body: { email, password }, headers }), 200);
}

async function listSessions(token: string): Promise<SessionList['sessions']> {
  const { sessions } = await expectJson<SessionList>(
    await bot.send('GET', '/v1/sessions', { token }, list),
    200,
  );
  return sessions;
}

const refresh = (token: string) => bot.send('POST', '/v1/auth/refresh', { body: { refresh_token: token } });

test('the list shows each device once, with times and address, and marks the current one', async () => {
  const account = await bot.register();
  const phone = await signIn(account, 'Phone/1.0');
  const sessions = await listSessions(phone.access_token);
  assert.equal(sessions.length, 2);
  assert.deepEqual(
    sessions.map(({ current, user_agent }) => ({ current, user_agent })),
    [
      { current: true, user_agent: 'Phone/1.0' },
      { current: false, user_agent: null },
    ],
  );
  assert.deepEqual(Object.keys(sessions[0] ?? {}), [
    'id',
    'current',
    'user_agent',
    'address',
    'created_at',
    'last_used_at',
    'expires_at',
  ]);
});

test('one session is ended by its id, and ends at once where the account is asked', async () => {
  const account = await bot.register();
  const phone = await signIn(account, 'Phone/1.0');
  const [current] = await listSessions(phone.access_token);
  const path = `/v1/sessions/${current?.id}`;
  await expectEmpty(await bot.send('DELETE', path, { token: account.access_token }, revoke), 204);
  await expectProblem(await refresh(phone.refresh_token), 'refresh-token-invalid');
  for (const [method, endpoint, body] of [
    ['GET', '/v1/me', undefined],
    ['PATCH', '/v1/me', { name: 'New' }],
    ['GET', '/v1/sessions', undefined],
    ['DELETE', '/v1/sessions', undefined],
    ['DELETE', `/v1/sessions/${current?.id}`, undefined],
    ['DELETE', '/v1/me', { password: account.password }],
    [
      'POST',
      '/v1/auth/password/change',
      { current_password: account.password, new_password: 'another password' },
    ],
  ] as const) {
    await expectProblem(
      await bot.send(method, endpoint, { token: phone.access_token, body }),
      'session-ended',
    );
  }
  assert.equal((await listSessions(account.access_token)).length, 1);
});

test('a session of somebody else, one that is gone and one that never was are not found', async () => {
  const [mine, other] = [await bot.register(), await bot.register()];
  const [theirs] = await listSessions(other.access_token);
  for (const id of [theirs?.id, '01890a5d-ac96-774b-bcce-b302099a8057', 'me', '%00', "'; drop table users"]) {
    const path = `/v1/sessions/${encodeURIComponent(id ?? '')}`;
    await expectProblem(await bot.send('DELETE', path, { token: mine.access_token }, revoke), 'not-found');
  }
  assert.equal((await listSessions(other.access_token)).length, 1);
});

test('all other sessions are ended together, and this one stays', async () => {
  const account = await bot.register();
  const [phone, tablet] = [await signIn(account, 'Phone'), await signIn(account, 'Tablet')];
  // Twice: where there is no other session, nothing happened that the trail could hold.
  for (let time = 0; time < 2; time++) {
    const answer = await bot.send('DELETE', '/v1/sessions', { token: phone.access_token }, revokeOthers);
    await expectEmpty(answer, 204);
  }
  const events = await bot.database.sql<{ id: string }>`
    select id from audit_events where event = 'session.others_revoked' and user_id = ${account.user.id}`;
  assert.equal(events.length, 1);
  await expectProblem(await refresh(tablet.refresh_token), 'refresh-token-invalid');
  await expectProblem(await refresh(account.refresh_token), 'refresh-token-invalid');
  await expectJson(await refresh(phone.refresh_token), 200);
});

test('logout ends the session by any of its tokens and answers 204 to any text', async () => {
  const { refresh_token } = await bot.register();
  const second = await expectJson<TokenPair>(await refresh(refresh_token), 200);
  for (const token of [refresh_token, refresh_token, 'never was one']) {
    const response = await bot.send('POST', '/v1/auth/logout', { body: { refresh_token: token } }, logout);
    await expectEmpty(response, 204);
  }
  await expectProblem(await refresh(second.refresh_token), 'refresh-token-invalid');
});
