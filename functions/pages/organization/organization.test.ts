import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '../../../db/schema.ts';
import { type Registered, startBlockbot } from '../../../test/support/blockbot.ts';
import { createBrowser } from '../../../test/support/browser.ts';
import { makeOrganization, setRole } from '../../../test/support/organizations.ts';
import { expectRedirect, expectText, openOrganization, signIn } from '../../../test/support/pages.ts';

const bot = await startBlockbot();

const openIn = (account: Registered, id: string) => openOrganization(bot, account, id);
const readNames = (id: string) => bot.database.sql`select name, slug from organizations where id = ${id}`;

test('the page offers what the role may, in one statement', async () => {
  const offers: Record<Role, readonly string[]> = {
    member: ['members', 'keys'],
    admin: ['members', 'invitations', 'keys', 'rename'],
    owner: ['members', 'invitations', 'keys', 'rename', 'transfer', 'delete'],
  };
  const { id, people } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  for (const [nth, role] of (['owner', 'admin', 'member'] as const).entries()) {
    const person = people[nth];
    if (!person) throw new Error('nobody there');
    const here = await openIn(person, id);
    bot.countStatements();
    const text = await expectText(await here.get('/organization'), 200, /<h1>Analytical Engines<\/h1>/);
    assert.equal(bot.countStatements(), 1);
    const found = ['members', 'invitations', 'keys', 'rename', 'transfer', 'delete'].filter((part) =>
      part === 'rename' ? text.includes('action="/organization"') : text.includes(`"/organization/${part}`),
    );
    assert.deepEqual(found, offers[role], role);
  }
});

test('who is in no organization is led to choose one, and who is signed out to sign in', async () => {
  const account = await bot.register();
  const here = await signIn(bot, account);
  await bot.database.sql`delete from memberships where user_id = ${account.user.id}`;
  for (const path of ['/organization', '/organization/members', '/organization/invitations']) {
    expectRedirect(await here.get(path), '/account/organizations?notice=choose');
  }
  for (const path of ['/organization/transfer', '/organization/delete']) {
    await expectText(await here.get(path), 404, /Page not found/, /href="\/organization"/);
  }
  expectRedirect(
    await createBrowser(bot).get('/organization/delete?organization=x'),
    '/auth/sign-in?to=%2Forganization%2Fdelete%3Forganization%3Dx',
  );
});

test('an admin renames, a member is refused on a page, and of a foreign organization it says there is none', async () => {
  const { id, slug, people } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  const stranger = await bot.register();
  const [, admin, member] = people;
  if (!admin || !member) throw new Error('nobody there');
  const fields = { organization_id: id, name: 'Difference', slug: `new-${slug}` };
  const refused = await (await openIn(member, id)).submit('/organization', fields);
  await expectText(refused, 403, /<title>Error: /, /don’t have permission/);
  const foreign = await (await signIn(bot, stranger)).submit('/organization', fields);
  await expectText(foreign, 404, /no longer there/);
  assert.deepEqual(await readNames(id), [{ name: 'Analytical Engines', slug }]);
  const here = await openIn(admin, id);
  await expectText(
    await here.submit('/organization', { ...fields, name: '', slug: 'No' }),
    422,
    /id="name-error"/,
    /id="slug-error"/,
    new RegExp(`name="organization_id" value="${id}"`),
  );
  await expectText(
    await here.submit('/organization', { ...fields, slug: stranger.organization.slug }),
    409,
    /id="slug-error"><span>This short name is taken/,
  );
  expectRedirect(await here.submit('/organization', fields), '/organization?notice=renamed');
  assert.deepEqual(await readNames(id), [{ name: 'Difference', slug: `new-${slug}` }]);
  await expectText(await here.get('/organization?notice=renamed'), 200, /<h1>Difference/, /is renamed/);
});

test('a form acts in the organization that it was shown for, whichever another tab has switched to', async () => {
  const account = await bot.register();
  const { id, slug } = await makeOrganization(bot, ['owner']);
  await setRole(bot, id, account.user.id, 'owner');
  const here = await openIn(account, id);
  await expectText(await here.get('/organization'), 200, new RegExp(id));
  await here.submit('/account/organizations/switch', { organization_id: account.organization.id });
  expectRedirect(
    await here.submit('/organization', { organization_id: id, name: 'Of the first tab', slug }),
    '/organization?notice=renamed',
  );
  assert.deepEqual(await readNames(id), [{ name: 'Of the first tab', slug }]);
  const { name, slug: own } = account.organization;
  assert.deepEqual(await readNames(account.organization.id), [{ name, slug: own }]);
});

test('whatever an organization is called is shown as text', async () => {
  const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
  const here = await signIn(bot, await bot.register({ name: hostile, organization_name: hostile }));
  for (const path of ['', '/members', '/transfer', '/delete', '/invitations']) {
    const text = await expectText(await here.get(`/organization${path}`), 200, /&lt;script&gt;alert/);
    assert.doesNotMatch(text, /<img|<script|onerror=alert\(1\)>/);
  }
  const text = await expectText(await here.get('/account/organizations'), 200, /&lt;script&gt;alert/);
  assert.doesNotMatch(text, /<img|<script/);
});
