/**
 * An organization's pages in a real browser: on a phone and a desktop, with scripts and without, by keyboard alone. Long because each
 * of their forms is pressed.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { inviteByEmail, mailedInvitation, verify } from '../support/invitations.ts';
import { makeOrganization } from '../support/organizations.ts';
import { assertAccessible } from './accessibility.ts';
import { devices } from './devices.ts';
import { fill, missing, openBrowser, press, startSite } from './site.ts';
import { signIn } from './sign-in.ts';

const site = await startSite({ requireEmailVerification: false });
const { bot, url } = site;

const expectNotice = (page: Page, words: string) => page.getByRole('status').getByText(words).waitFor();
const open = (page: Page, link: string) => page.getByRole('link', { name: link, exact: true }).click();
const fillName = (page: Page, name: string) =>
  page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
const rowOf = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text });

/** A phone has no room beside the page, so nothing may stand out of it. */
async function expectFit(page: Page): Promise<void> {
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, page.url());
}

for (const device of devices) {
  const name = `${device.viewport}, scripts ${device.scripts ? 'on' : 'off'}, ${device.colours ?? 'light'}`;

  suite(name, { skip: missing }, () => {
    test('an owner makes an organization, invites, changes roles, removes, hands out a link, and deletes it', async () => {
      const owner = await bot.register({ name: 'Ada' });
      await verify(bot, owner);
      const page = await signIn(site, await openBrowser(device), owner);
      await open(page, 'Show your organizations');
      await fillName(page, 'Analytical Engines');
      await fill(page, { 'Short name': owner.organization.slug });
      await press(page, 'Create');
      await page.getByRole('alert').getByText('This short name is taken').waitFor();
      const slug = `engines-${device.viewport}-${device.scripts ? 'scripts' : 'plain'}`;
      await fill(page, { 'Short name': slug });
      await press(page, 'Create');
      await expectNotice(page, 'The organization is created');
      await expectFit(page);
      await press(page, 'Switch to Analytical Engines');
      await expectNotice(page, 'You’re working in this organization now');

      await fillName(page, 'Difference <b>Engines</b>');
      await press(page, 'Save');
      await page.getByRole('heading', { name: 'Difference <b>Engines</b>', level: 1 }).waitFor();

      await open(page, 'Invitations');
      const email = `invited-${slug}@example.com`;
      await fill(page, { 'Email address': email });
      await page.getByLabel('Role').selectOption('Admin');
      await press(page, 'Send invitation');
      await expectNotice(page, 'The invitation is on its way');
      await press(page, `Send again to ${email}`);
      await expectNotice(page, 'another 7 days');
      await expectFit(page);
      await join(email);

      await page.getByText('Create a link', { exact: true }).click();
      await fill(page, { 'How many people can join (optional)': '3' });
      await press(page, 'Create link');
      assert.match(await page.getByLabel('Link to join').inputValue(), /\/auth\/join#[\w-]{43}$/);
      await expectFit(page);
      await open(page, 'Back to the invitations');
      await page.getByText('0 of 3 joined').waitFor();
      await press(page, 'Turn the link off');
      await expectNotice(page, 'Nobody can join');

      await open(page, 'Back to the organization');
      await open(page, 'Members');
      await rowOf(page, email).locator('summary').click();
      await page.getByLabel(`Role of ${email}`).selectOption('Member');
      await press(page, `Change role of ${email}`);
      await expectNotice(page, 'The role is changed');
      await rowOf(page, email).locator('summary').click();
      await expectFit(page);
      await press(page, `Remove ${email}`);
      await expectNotice(page, 'The member is removed');
      assert.equal(await rowOf(page, email).count(), 0);

      await open(page, 'Back to the organization');
      await open(page, 'Delete it');
      await fill(page, { [`To confirm, type ${slug}`]: slug });
      await expectFit(page);
      await press(page, 'Delete the organization');
      await expectNotice(page, 'The organization is deleted');
      assert.equal(await rowOf(page, slug).count(), 0);
    });

    /** Accepts the newest invitation to the address as its reader, without an account until then. */
    async function join(email: string): Promise<void> {
      const token = await mailedInvitation(bot, email);
      const response = await bot.send('POST', '/v1/invitations/accept', { body: { token } });
      assert.equal(response.status, 200);
    }
  });
}

async function makePeople() {
  const { people, ...organization } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  const [owner, admin, member] = people;
  if (!owner || !admin || !member) throw new Error('nobody there');
  await verify(bot, owner, admin, member);
  return { ...organization, owner, admin, member };
}

test(
  'an invitation that waits is accepted on the page, and the organization left again',
  { skip: missing },
  async () => {
    const { path, owner } = await makePeople();
    const person = await bot.register();
    await verify(bot, person);
    await inviteByEmail(bot, { path, token: owner.access_token, email: person.email });
    const page = await signIn(site, await openBrowser({ viewport: 'phone', scripts: false }), person);
    await open(page, 'Show your organizations');
    await press(page, 'Accept the invitation to Analytical Engines');
    await expectNotice(page, 'You’ve joined the organization');
    await open(page, 'Your organizations');
    await rowOf(page, 'Analytical Engines').locator('summary').click();
    await press(page, 'Leave the organization Analytical Engines');
    await expectNotice(page, 'You’ve left the organization');
    assert.equal(await rowOf(page, 'Analytical Engines').count(), 0);
  },
);

test(
  'handing over after 15 minutes asks to sign in, and goes on with the same organization',
  { skip: missing },
  async () => {
    const { id, owner, admin } = await makePeople();
    const page = await signIn(site, await openBrowser({ viewport: 'phone', scripts: false }), owner);
    await page.goto(`${url}/account/organizations`);
    await press(page, 'Switch to Analytical Engines');
    await bot.database.sql`
      update refresh_tokens set created_at = now() - interval '1 hour' where user_id = ${owner.user.id}`;
    await page.context().clearCookies({ name: 'access' });
    await open(page, 'Hand it over');
    await press(page, 'Sign in again');
    await fill(page, { 'Email address': owner.email, Password: owner.password });
    await press(page, 'Sign in');
    await page.waitForURL(`${url}/organization/transfer?organization=${id}`);
    await page.getByLabel('New owner').selectOption(`The admin (${admin.email})`);
    await press(page, 'Hand it over');
    await page.waitForURL(`${url}/organization?notice=handed-over`);
  },
);

test(
  'everything of an organization is within reach of the keyboard, in the order it is read',
  { skip: missing },
  async () => {
    const { owner, member } = await makePeople();
    const page = await signIn(site, await openBrowser({ viewport: 'desktop', scripts: true }), owner);
    await page.goto(`${url}/account/organizations`);
    const focused = async () => {
      await page.keyboard.press('Tab');
      assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
      return (await page.locator(':focus').textContent())?.replace(/\s+/g, ' ').trim() ?? '';
    };
    const until = async (wanted: string) => {
      const reached: string[] = [];
      while (reached.at(-1) !== wanted && reached.length < 40) reached.push(await focused());
      assert.equal(reached.at(-1), wanted, reached.join());
    };
    await until('Switch to Analytical Engines');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/organization?notice=switched`);
    const reached = [];
    for (let i = 0; i < 9; i++) reached.push(await focused());
    assert.deepEqual(reached, [
      'Members',
      'Invitations',
      'API keys',
      '',
      '',
      'Save',
      'Hand it over',
      'Delete it',
      'Your organizations',
    ]);
    await page.goto(`${url}/organization/members`);
    await until('Change The member');
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'MemberAdminOwner');
    await page.keyboard.press('ArrowDown');
    await until('Change role of The member');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/organization/members?notice=role-changed`);
    const [changed] = await bot.database.sql`
      select role from memberships where user_id = ${member.user.id} and role = 'admin'`;
    assert.ok(changed);
  },
);

for (const [viewport, colours] of [
  ['phone', 'light'],
  ['phone', 'dark'],
  ['desktop', 'light'],
  ['desktop', 'dark'],
] as const) {
  test(
    `axe finds nothing wrong with the pages of an organization (${viewport}, ${colours})`,
    { skip: missing },
    async () => {
      const { id, path, owner, member } = await makePeople();
      await inviteByEmail(bot, {
        path,
        token: owner.access_token,
        email: `axe-${viewport}-${colours}@example.com`,
      });
      const other = await bot.register();
      await verify(bot, other);
      await inviteByEmail(bot, {
        path: `/v1/organizations/${other.organization.id}`,
        token: other.access_token,
        email: owner.email,
      });
      await bot.send('POST', `${path}/join-link`, { token: owner.access_token, body: {} });
      const page = await signIn(site, await openBrowser({ viewport, scripts: true, colours }), owner);
      await page.goto(`${url}/account/organizations`);
      await press(page, 'Switch to Analytical Engines');
      for (const at of [
        '/account/organizations?notice=created',
        '/organization?notice=renamed',
        '/organization/members?notice=removed',
        '/organization/invitations?notice=invited',
        '/organization/transfer',
        '/organization/delete',
      ]) {
        await page.goto(url + at);
        // What is folded away is looked at, too.
        await page.evaluate(`document.querySelectorAll('details').forEach((part) => { part.open = true })`);
        await expectFit(page);
        await assertAccessible(page);
      }
      await fill(page, { 'To confirm, type': 'another' });
      await press(page, 'Delete the organization');
      await page.getByRole('alert').waitFor();
      await assertAccessible(page);
      await page.goto(`${url}/organization/transfer?organization=${other.organization.id}`);
      await page.getByRole('heading', { name: 'Page not found' }).waitFor();
      await assertAccessible(page);
      const theirs = await signIn(site, await openBrowser({ viewport, scripts: true, colours }), member);
      await theirs.goto(`${url}/organization/delete?organization=${id}`);
      await theirs.getByRole('heading', { name: 'You don’t have permission to do this' }).waitFor();
      await assertAccessible(theirs);
    },
  );
}
