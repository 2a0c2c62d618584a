/**
 * Routes of a product in two processes that share a Redis: what ends a token in one ends it in the other, without a query.
 * Long because each way to end a token is a case of its own.
 */
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Redis } from '@upstash/redis';
import { createKeyring } from '../core/keyring.ts';
import { createSharedRateLimits } from '../../hosts/core/shared-rate-limits.ts';
import { createRespRequester } from '../../hosts/node/redis/resp-requester.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { createBrowser } from '../../test/support/browser.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import { startRedis, withoutRedis } from '../../test/support/redis-server.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { createLog } from '../core/log.ts';
import { user } from '../http/caller.ts';
import { createFunction, type FunctionApp } from '../http/function.ts';
import { guard } from '../http/guard.ts';
import { limit } from '../http/limit.ts';
import { api } from '../rate-limit/policies.ts';

const read = createFunction().get('/v1/reports', guard({ caller: user, limits: limit(api) }), (c) => {
  const { organizationId, role, amr } = c.var.request.caller;
  return c.json({ organization: organizationId, role, amr });
});
const invite = createFunction().post(
  '/v1/reports',
  guard({ caller: user, permission: 'members:write', limits: limit(api) }),
  (c) => c.json({ organization: c.var.request.caller.organizationId.length }),
);
const close = createFunction().delete(
  '/v1/reports',
  guard({ caller: user, freshness: { maxAgeSeconds: 600 }, limits: limit(api) }),
  (c) => c.body(null, 204),
);

suite('an access token', { skip: withoutRedis }, async () => {
  if (withoutRedis) return;
  const redis = await startRedis();
  after(redis.close);
  const { store: elsewhere, isBack: isBackElsewhere } = await connect();
  const { store: here, isBack } = await connect();
  const bot = await startBlockbot({ rateLimits: here });

  async function connect() {
    const log = createLog({ write: () => undefined });
    const requester = await createRespRequester({ target: { url: redis.url }, log });
    after(requester.close);
    const { store, checks } = createSharedRateLimits(new Redis(requester), {
      log,
      keyring: createKeyring(['shared by both']),
    });
    return {
      store,
      isBack: async () =>
        checks[0]?.ping().then(
          () => true,
          () => false,
        ),
    };
  }

  function ask(app: FunctionApp, method: string, token: string) {
    const services = { ...bot.services, rateLimits: elsewhere };
    return app.request('/v1/reports', { method, headers: { Authorization: `Bearer ${token}` } }, services);
  }

  const end = {
    'signing out': (account: Account) =>
      bot.send('POST', '/v1/auth/logout', { body: { refresh_token: account.refresh_token } }),
    'revoking the session': async ({ access_token: token }: Account) => {
      const { sid } = await bot.services.keys.verify(token);
      return bot.send('DELETE', `/v1/sessions/${sid}`, { token });
    },
    'deleting the account': ({ access_token: token, password }: Account) =>
      bot.send('DELETE', '/v1/me', { token, body: { password } }),
    'revoking all other sessions': async ({ email, password }: Account) => {
      const { access_token: token } = await signIn(email, password);
      return bot.send('DELETE', '/v1/sessions', { token });
    },
    'changing the password': async ({ email, password }: Account) => {
      const { access_token: token } = await signIn(email, password);
      const body = { current_password: password, new_password: `${password} anew` };
      return bot.send('POST', '/v1/auth/password/change', { token, body });
    },
  };

  async function signIn(email: string, password: string): Promise<{ access_token: string }> {
    return expectJson(await bot.send('POST', '/v1/auth/login', { body: { email, password } }), 200);
  }

  for (const [what, act] of Object.entries(end)) {
    test(`is refused by another process at the next request after ${what}`, async () => {
      const account = await bot.register();
      await expectJson(await ask(read, 'GET', account.access_token), 200);
      await expectEmpty(await act(account), 204);
      bot.countStatements();
      const refused = await ask(read, 'GET', account.access_token);
      await expectProblem(refused, 'access-token-stale');
      assert.match(
        refused.headers.get('www-authenticate') ?? '',
        /^Bearer error="invalid_token", resource_metadata=/,
      );
      assert.match(refused.headers.get('ratelimit') ?? '', /"api";r=9[78]/, 'a refused request counts');
      assert.equal(bot.countStatements(), 0);
    });
  }

  const signInBy = {
    'the API': async ({ email, password }: Account) => {
      await signIn(email, password);
    },
    'a page': async ({ email, password }: Account) => {
      await createBrowser(bot).submit('/auth/sign-in', { email, password });
    },
  };

  for (const [where, act] of Object.entries(signInBy)) {
    test(`is refused by another process at the next request after a sign-in by ${where} displaced its session`, async () => {
      const account = await bot.register();
      await bot.database.sql`
        insert into refresh_tokens (id, user_id, nonce_hash, amr, rotated_at, expires_at)
        select gen_random_uuid(), ${account.user.id}, '\\x00', '{pwd}', now() + interval '1 minute', now() + interval '1 day'
        from generate_series(1, 99)`;
      await expectJson(await ask(read, 'GET', account.access_token), 200);
      bot.countStatements();
      await act(account);
      assert.equal(bot.countStatements(), 2, 'a sign-in that displaces nothing sends as many');
      await expectProblem(await ask(read, 'GET', account.access_token), 'access-token-stale');
    });
  }

  test('of a session that goes on stays what it was', async () => {
    const account = await bot.register();
    const other = await signIn(account.email, account.password);
    await expectEmpty(await bot.send('DELETE', '/v1/sessions', { token: other.access_token }), 204);
    await expectJson(await ask(read, 'GET', other.access_token), 200);
  });

  test('is refused by the process that ended it while Redis is away, and elsewhere once Redis is back', async () => {
    const account = await bot.register();
    await redis.kill();
    await expectEmpty(await end['signing out'](account), 204);
    const services = { ...bot.services, rateLimits: here };
    const headers = { Authorization: `Bearer ${account.access_token}` };
    await expectProblem(await read.request('/v1/reports', { headers }, services), 'access-token-stale');
    await expectJson(await ask(read, 'GET', account.access_token), 200);
    await redis.start();
    // A turn of the event loop between: what is refused at once would never let it hear of Redis.
    while (!(await isBack())) await nextTurn();
    while (!(await isBackElsewhere())) await nextTurn();
    await expectProblem(await ask(read, 'GET', account.access_token), 'access-token-stale');
  });

  test('tells a route the organization and the role, and nobody else gets in than whose role allows it', async () => {
    const account = await bot.register();
    bot.countStatements();
    const answer = await ask(read, 'GET', account.access_token);
    assert.equal(bot.countStatements(), 0, 'what needs no data asks for none');
    const organization = account.organization.id;
    assert.deepEqual(await expectJson(answer, 200), { organization, role: 'owner', amr: ['pwd'] });
    await expectJson(await ask(invite, 'POST', account.access_token), 200);
    for (const role of ['member', undefined] as const) {
      const claims = await bot.services.keys.verify(account.access_token);
      const { sub, sid, auth_time, amr, as_of } = claims;
      const token = await bot.services.keys.sign({
        sub,
        sid,
        auth_time,
        amr,
        as_of,
        org: organization,
        ...(role && { role }),
      });
      const refused = await ask(invite, 'POST', token);
      await expectProblem(refused, 'permission-denied');
      const challenge = refused.headers.get('www-authenticate') ?? '';
      assert.match(
        challenge,
        /^Bearer error="insufficient_scope", scope="members:write", resource_metadata=/,
      );
    }
  });

  const change = {
    'a role was changed': (path: string, token: string, member: string) =>
      bot.send('PATCH', `${path}/members/${member}`, { token, body: { role: 'admin' } }),
    'its member was removed': (path: string, token: string, member: string) =>
      bot.send('DELETE', `${path}/members/${member}`, { token }),
    'the organization was handed over': (path: string, token: string, member: string) =>
      bot.send('POST', `${path}/transfer`, { token, body: { user_id: member } }),
    'the organization was deleted': (path: string, token: string, _: string, slug: string) =>
      bot.send('DELETE', path, { token, body: { slug } }),
  };

  for (const [what, act] of Object.entries(change)) {
    test(`is refused by another process at the next request after ${what}, and one refresh mends it`, async () => {
      const { id, path, slug, people } = await makeOrganization(bot, ['owner', 'member']);
      const [owner, member] = people;
      assert.ok(owner && member);
      const body = { refresh_token: member.refresh_token, organization_id: id };
      const before = await expectJson<TokenPair>(await bot.send('POST', '/v1/auth/refresh', { body }), 200);
      assert.deepEqual(await whoIs(before), { organization: id, role: 'member' });
      await expectEmpty(await act(path, owner.access_token, member.user.id, slug), 204);
      await expectProblem(await ask(read, 'GET', before.access_token), 'access-token-stale');
      await expectJson(await ask(read, 'GET', member.access_token), 200);
      const renewed = { refresh_token: before.refresh_token };
      const after = await expectJson<TokenPair>(
        await bot.send('POST', '/v1/auth/refresh', { body: renewed }),
        200,
      );
      assert.notDeepEqual(await whoIs(after), { organization: id, role: 'member' });
    });
  }

  async function whoIs({ access_token }: TokenPair) {
    const { organization, role } = await expectJson<{ organization?: string; role?: string }>(
      await ask(read, 'GET', access_token),
      200,
    );
    return { organization, role };
  }

  test('of an old sign-in is asked to sign in again where a route wants a fresh one', async () => {
    const account = await bot.register();
    const { sub, sid, amr, as_of } = await bot.services.keys.verify(account.access_token);
    await expectEmpty(await ask(close, 'DELETE', account.access_token), 204);
    const auth_time = Math.floor(Date.now() / 1000) - 601;
    const refused = await ask(
      close,
      'DELETE',
      await bot.services.keys.sign({ sub, sid, amr, as_of, auth_time }),
    );
    await expectProblem(refused, 'reauthentication-required');
    const challenge = refused.headers.get('www-authenticate') ?? '';
    assert.match(
      challenge,
      /^Bearer error="insufficient_user_authentication", max_age=600, resource_metadata=/,
    );
  });
});

interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
}

interface Account {
  readonly email: string;
  readonly password: string;
  readonly access_token: string;
  readonly refresh_token: string;
}
