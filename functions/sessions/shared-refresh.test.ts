/** Several who refresh one session: tabs and phones go on, a thief is caught. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAddressKey } from '../../lib/http/client-address.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { parseRefreshToken } from '../../lib/security/refresh-token.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import refresh from './refresh.ts';

const bot = await startBlockbot();

/** From one client unless told, which no limit stops. */
async function next(
  refreshToken: string,
  { address = '192.0.2.7', userAgent = 'Firefox/141 on Linux' }: Client = {},
): Promise<Response> {
  await bot.services.rateLimits.reset(api, `address:${toAddressKey(address)}`);
  const headers = { 'User-Agent': userAgent };
  return bot.send(
    'POST',
    '/v1/auth/refresh',
    { body: { refresh_token: refreshToken }, address, headers },
    refresh,
  );
}

interface Client {
  readonly address?: string;
  readonly userAgent?: string;
}

interface TokenPair {
  readonly refresh_token: string;
}

const sessionIdOf = (token: string) => parseRefreshToken(token, bot.services.keyring)?.sessionId ?? '';

/** All of them refresh with the newest token, one after the other, until one is refused; answers in which generation. */
async function race(first: string, clients: readonly Client[], generations = 12) {
  let shared = first;
  for (let generation = 1; generation <= generations; generation++) {
    const answers = [];
    for (const client of clients) answers.push(await next(shared, client));
    const refused = answers.find(({ status }) => status !== 200);
    if (refused) {
      await expectProblem(refused, 'refresh-token-reused');
      return generation;
    }
    const [pair] = await Promise.all(answers.map((answer) => expectJson<TokenPair>(answer, 200)));
    shared = pair?.refresh_token ?? '';
  }
  return undefined;
}

const thieves: readonly (readonly [string, Client])[] = [
  ['from another network', { address: '198.51.100.7' }],
  ['from another network of IPv6', { address: '2001:db8::7' }],
  ['with another browser', { userAgent: 'curl/8.5.0' }],
];
for (const [whence, thief] of thieves) {
  test(`a thief who refreshes in lock-step with the owner ${whence} is caught at the third`, async () => {
    for (const clients of [
      [{}, thief],
      [thief, {}],
    ]) {
      const { refresh_token, email } = await bot.register();
      assert.equal(await race(refresh_token, clients), 3);
      const [session] = await bot.database.sql<{ revokedAt: Date | null }>`
        select revoked_at from refresh_tokens where id = ${sessionIdOf(refresh_token)}`;
      assert.ok(session?.revokedAt);
      const told = (await bot.emails(email)).filter(({ template }) => template === 'session-ended');
      assert.equal(told.length, 1);
    }
  });
}

test('two tabs of one browser are never taken for two holders, however often they race', async () => {
  const { refresh_token } = await bot.register();
  const updated = { userAgent: 'Firefox/142 on Linux', address: '192.0.2.8' };
  assert.equal(await race(refresh_token, [{}, {}, updated, {}]), undefined);
  const six = await bot.register();
  const addresses = ['2001:db8:1:1::7', '2001:db8:1:2::7'];
  assert.equal(
    await race(
      six.refresh_token,
      addresses.map((address) => ({ address })),
    ),
    undefined,
  );
});

test('a phone that loses an answer and comes again from another network is not taken for a thief', async () => {
  const { refresh_token } = await bot.register();
  let current = refresh_token;
  for (let generation = 0; generation < 12; generation++) {
    const network = generation % 2 ? '192.0.2.7' : '203.0.113.7';
    const { refresh_token: successor } = await expectJson<TokenPair>(
      await next(current, { address: network }),
      200,
    );
    if (generation % 3 < 2) await expectJson(await next(current, { address: '198.51.100.7' }), 200);
    current = successor;
  }
});

test('two hundred parallel refreshes of one client are all answered, generation after generation', async () => {
  let { refresh_token: current } = await bot.register();
  for (let generation = 0; generation < 4; generation++) {
    // From four addresses of one network, because `api` lets a hundred of each through.
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, nth) => next(current, { address: `192.0.2.${nth % 4}` })),
    );
    const pairs = await Promise.all(answers.map((answer) => expectJson<TokenPair>(answer, 200)));
    assert.equal(new Set(pairs.map((pair) => pair.refresh_token)).size, 1);
    current = pairs[0]?.refresh_token ?? '';
  }
});

test('that a token was shared is written to the trail once in a generation, however often it comes', async () => {
  const { refresh_token } = await bot.register();
  const shared = async () => {
    const events = await bot.database.sql`
      select id from audit_events
      where session_id = ${sessionIdOf(refresh_token)} and event = 'session.refresh_token_shared'`;
    return events.length;
  };
  const { refresh_token: second } = await expectJson<TokenPair>(await next(refresh_token), 200);
  await expectJson(await next(refresh_token), 200);
  assert.equal(await shared(), 0);
  const elsewhere = { address: '198.51.100.7' };
  await Promise.all(Array.from({ length: 20 }, () => next(refresh_token, elsewhere)));
  await expectJson(await next(refresh_token, { userAgent: 'curl/8.5.0' }), 200);
  assert.equal(await shared(), 1);
  await expectJson(await next(second), 200);
  await expectJson(await next(second, elsewhere), 200);
  assert.equal(await shared(), 2);
});
