/** The page of an invitation, as scanners, other sites and other people's browsers meet it: none of them changes anything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../../test/support/blockbot.ts';
import { createBrowser, formHeaders, readWhole } from '../../../test/support/browser.ts';
import { inviteByEmail, verify } from '../../../test/support/invitations.ts';
import { makeOrganization } from '../../../test/support/organizations.ts';

const bot = await startBlockbot();

async function invite() {
  const { id, path, people } = await makeOrganization(bot, ['owner']);
  const [owner] = people;
  assert.ok(owner);
  await verify(bot, owner);
  const email = `reader-of-${id}@example.org`;
  const { token } = await inviteByEmail(bot, { path, token: owner.access_token, email });
  return { id, owner, email, token };
}

/** Whatever an invitation leads to. */
const readRows = (organizationId: string, email: string) => bot.database.sql`
  select to_jsonb(invitations) as invitation,
    (select count(*)::int from memberships where organization_id = ${organizationId}) as members,
    (select count(*)::int from users where users.email = ${email}) as accounts,
    (select count(*)::int from refresh_tokens) as sessions,
    (select count(*)::int from audit_events where organization_id = ${organizationId}) as events
  from invitations where organization_id = ${organizationId}`;

const addresses = (token: string) => [
  '/auth/invitation',
  `/auth/invitation?token=${token}`,
  `/auth/invitation?token=${token}&decision=accept&confirm=yes`,
  `/v1/invitations/accept?token=${token}`,
  `/v1/invitations/decline?token=${token}`,
  `/auth/join?token=${token}`,
  `/v1/join?token=${token}`,
];

test('whoever only follows addresses changes nothing, and gets no cookie', async () => {
  const { id, email, token } = await invite();
  const before = await readRows(id, email);
  for (const address of addresses(token)) {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const response = await bot.send(method, address);
      assert.ok([200, 204, 405].includes(response.status), `${method} ${address}: ${response.status}`);
      assert.deepEqual(response.headers.getSetCookie(), [], address);
    }
  }
  assert.deepEqual(await readRows(id, email), before);
});

test('a form of another site, of a sibling or of nobody knows where neither accepts nor declines', async () => {
  const { id, email, token } = await invite();
  const before = await readRows(id, email);
  for (const decision of ['accept', 'decline']) {
    const body = new URLSearchParams({ token, decision, confirm: 'yes' }).toString();
    for (const from of [
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'https://api.example.com' },
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      {},
    ]) {
      const headers = { 'Content-Type': formHeaders['Content-Type'], ...from };
      const response = await bot.send('POST', '/auth/invitation', { headers, body });
      assert.equal(response.status, 403, JSON.stringify(from));
    }
  }
  assert.deepEqual(await readRows(id, email), before);
});

test('a scanner that presses the button, and a browser of somebody else, change nothing either; the reader joins', async () => {
  const { id, email, token } = await invite();
  const scanner = createBrowser(bot);
  const other = createBrowser(bot);
  const { email: foreign, password } = await bot.register();
  await other.submit('/auth/sign-in', { email: foreign, password });
  const before = await readRows(id, email);
  const pressed = await scanner.submit('/auth/invitation', { token, decision: 'accept' });
  assert.equal(pressed.status, 200);
  assert.ok((await readWhole(pressed)).includes(email), 'whose account it would be');
  assert.equal(scanner.cookies.size, 0);
  const refused = await other.submit('/auth/invitation', { token, decision: 'accept', confirm: 'yes' });
  assert.equal(refused.status, 409);
  assert.deepEqual(await readRows(id, email), before);
  const joined = await scanner.submit('/auth/invitation', { token, decision: 'accept', confirm: 'yes' });
  assert.deepEqual([joined.status, joined.headers.get('location')], [303, '/organization?notice=joined']);
  const again = await createBrowser(bot).submit('/auth/invitation', {
    token,
    decision: 'accept',
    confirm: 'yes',
  });
  assert.equal(again.status, 410);
});
