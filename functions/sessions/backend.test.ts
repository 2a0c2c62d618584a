/** A server of the product that signs people in on their behalf is counted by the address of each of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auth } from '../../lib/rate-limit/policies.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { expectProblem } from '../../test/support/responses.ts';

const plain = await startBlockbot();
const backendToken = 'a secret of the backend, long enough for all';
const bot = await startBlockbot({ settings: { ...plain.services.settings, backendToken } });
const address = '198.51.100.80';

const login = (headers: Readonly<Record<string, string>>, at = bot) =>
  at.send('POST', '/v1/auth/login', {
    body: { email: 'somebody@example.com', password: 'not the password' },
    address,
    headers,
  });
const onBehalfOf = (client: string, token = backendToken) => ({
  'X-Backend-Authorization': `Bearer ${token}`,
  'X-Client-Address': client,
});

test('what it forwards is counted for itself, so that one guesser stops nobody else', async () => {
  for (let nth = 0; nth < auth.limit; nth++) {
    await expectProblem(await login(onBehalfOf('203.0.113.1')), 'invalid-credentials');
  }
  await expectProblem(await login(onBehalfOf('203.0.113.1')), 'quota-exceeded');
  await expectProblem(await login(onBehalfOf('203.0.113.2')), 'invalid-credentials');
});

test('who does not know the token, or tells no address, is counted as themselves', async () => {
  const claims = [
    onBehalfOf('203.0.113.3', 'not the token'),
    onBehalfOf('203.0.113.4', ''),
    { 'X-Client-Address': '203.0.113.5' },
    onBehalfOf('no address'),
    onBehalfOf(''),
  ];
  for (let nth = 0; nth < auth.limit; nth++) {
    await expectProblem(await login(claims[nth % claims.length] ?? {}), 'invalid-credentials');
  }
  for (const headers of claims) await expectProblem(await login(headers), 'quota-exceeded');
});

test('where no token is set, nobody is believed', async () => {
  for (let nth = 0; nth < auth.limit; nth++) await login(onBehalfOf(`203.0.113.${nth}`, 'undefined'), plain);
  const refused = await login(onBehalfOf('203.0.113.99', 'undefined'), plain);
  assert.equal(refused.status, 429);
});
