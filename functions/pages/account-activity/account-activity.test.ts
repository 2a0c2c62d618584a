import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Registered, startBlockbot } from '../../../test/support/blockbot.ts';
import { createBrowser, readWhole, type BrowserClient } from '../../../test/support/browser.ts';
import { makeOrganization } from '../../../test/support/organizations.ts';

const bot = await startBlockbot();

async function signIn({ email, password }: Registered): Promise<BrowserClient> {
  const browser = createBrowser(bot);
  assert.equal((await browser.submit('/auth/sign-in', { email, password })).status, 303);
  return browser;
}

async function show(browser: BrowserClient, path = '/account/activity'): Promise<string> {
  const response = await browser.get(path);
  const text = await readWhole(response);
  assert.equal(response.status, 200, text);
  return text;
}

const headings = (text: string) => [...text.matchAll(/<strong>(.*?)<\/strong>/g)].map(([, words]) => words);

test('the newest is above, with when and by which device, in two languages and one statement', async () => {
  const here = await signIn(await bot.register());
  bot.countStatements();
  const text = await show(here);
  assert.equal(bot.countStatements(), 1);
  assert.deepEqual(headings(text), ['You signed in', 'You signed in', 'You created your account']);
  assert.match(text, /<time datetime="\d{4}-[^"]+Z"\s*>\s*\w.* UTC<\/time>\s*· Firefox on Linux/);
  const Cookie = [...here.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { Cookie, 'Accept-Language': 'de' };
  const german = await readWhole(await bot.send('GET', '/account/activity', { headers }));
  assert.deepEqual(headings(german)[0], 'Sie haben sich angemeldet');
});

test('what one did to others is told apart from what happened, and where, and what an operator did', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  if (!owner || !member) throw new Error('nobody there');
  await bot.send('DELETE', `${path}/members/${member.user.id}`, { token: owner.access_token });
  await bot.database.sql`
    insert into audit_events (id, event, user_id, organization_id, actor_kind, actor_id)
    values (gen_random_uuid(), 'organization.restored', ${owner.user.id}, ${id}, 'operator', 'grace')`;
  const [, restored, removed] = headings(await show(await signIn(owner)));
  assert.equal(
    restored,
    'An organization was restored: Analytical Engines (by the people who run this service)',
  );
  assert.equal(removed, 'You removed a member: Analytical Engines');
  // Of one that they are no longer in, the name is none of theirs.
  assert.equal(headings(await show(await signIn(member)))[1], 'You were removed from an organization');
});

test('fifty are on a page, and the older ones behind its link, each once', async () => {
  const account = await bot.register();
  await bot.database.sql`
    insert into audit_events (id, event, user_id, occurred_at)
    select gen_random_uuid(), 'sign_in.refused', ${account.user.id}, now() - interval '1 hour' * (n / 2)
    from generate_series(2, 99) as n`;
  const here = await signIn(account);
  const first = await show(here);
  const [, older = ''] = first.match(/href="(\/account\/activity\?before=[^"]+)"/) ?? [];
  const second = await show(here, older);
  const [, oldest = ''] = second.match(/href="(\/account\/activity\?before=[^"]+)"/) ?? [];
  const third = await show(here, oldest);
  assert.deepEqual(
    [first, second, third].map((text) => headings(text).length),
    [50, 50, 1],
  );
  assert.doesNotMatch(third, /before=/);
  const stranger = await signIn(await bot.register());
  assert.equal(headings(await show(stranger, older)).length, 3);
  assert.equal(headings(await show(here, '/account/activity?before=%27')).length, 50);
});

test('a browser that was signed out is sent to sign in', async () => {
  const account = await bot.register();
  const here = await signIn(account);
  await bot.database.sql`update refresh_tokens set revoked_at = now() where user_id = ${account.user.id}`;
  const response = await here.get('/account/activity');
  assert.equal(
    response.headers.get('location'),
    '/auth/sign-in?notice=session-ended&to=%2Faccount%2Factivity',
  );
});
