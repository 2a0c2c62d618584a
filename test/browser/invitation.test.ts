/** Somebody without an account is invited: from the email to the organization on a phone, after a mail scanner has been there. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createUuid } from '../../lib/core/uuid.ts';
import { mailedInvitation } from '../support/invitations.ts';
import { assertAccessible } from './accessibility.ts';
import { type Device, emailBehind, fill, missing, openBrowser, press, startSite } from './site.ts';
import { signIn } from './sign-in.ts';
import type { BrowserContext, Page } from 'playwright-core';

// Where addresses need not be proven first, a test can register who invites.
const site = missing ? undefined : await startSite({ requireEmailVerification: false });

suite('an invitation', { skip: missing }, () => {
  if (!site) return;
  const { bot, url } = site;
  let invited = 0;

  async function invite(email = `invited-${++invited}@example.com`) {
    const inviter = await bot.register({ email: `inviter-${createUuid()}@example.com` });
    await bot.database.sql`update users set email_verified_at = now() where id = ${inviter.user.id}`;
    const response = await bot.send('POST', `/v1/organizations/${inviter.organization.id}/invitations`, {
      token: inviter.access_token,
      body: { email, role: 'member' },
    });
    assert.equal(response.status, 201);
    const token = await mailedInvitation(bot, email);
    return { email, inviter, link: `${url}/auth/invitation#${token}` };
  }

  /** All that a scanner is known to do; answers the cookies that it was given. */
  async function scan(link: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const method of ['HEAD', 'GET']) {
      const response = await fetch(link, { method, headers: { 'X-Forwarded-For': '203.0.113.78' } });
      assert.equal(response.status, 200);
      found.push(...response.headers.getSetCookie());
    }
    const scanner = await openBrowser({ viewport: 'desktop', scripts: true });
    const page = await scanner.newPage();
    await page.goto(link);
    await page.getByRole('button').first().waitFor();
    // Even one that presses the button is only shown who invites.
    await press(page, 'Accept the invitation');
    await page.getByRole('button', { name: 'Accept and sign in' }).waitFor();
    found.push(...(await scanner.cookies()).map(({ name }) => name));
    await scanner.close();
    return found;
  }

  async function open(context: BrowserContext, link: string, { scripts }: Device): Promise<Page> {
    const page = await context.newPage();
    await page.goto(link);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
    if (!scripts) await fill(page, { 'Link from the email': link });
    return page;
  }

  const hasAccount = async (email: string) =>
    (await bot.database.sql<{ id: string }>`select id from users where email = ${email}`).length > 0;

  for (const scripts of [true, false]) {
    const device = { viewport: 'phone', scripts } as const;
    const how = scripts ? 'with scripts' : 'without scripts';

    test(`leads from the email into the organization on a phone, ${how}, after a scanner`, async () => {
      const { email, inviter, link } = await invite();
      assert.deepEqual(await scan(link), []);
      assert.equal(await hasAccount(email), false);
      const context = await openBrowser(device);
      const page = await open(context, link, device);
      if (scripts) assert.equal(page.url(), `${url}/auth/invitation`, 'no history keeps the token');
      await press(page, 'Accept the invitation');
      await page.getByText(inviter.email.split('@')[0] ?? '').waitFor();
      if (scripts) await assertAccessible(page);
      await press(page, 'Accept and sign in');
      await page.waitForURL(`${url}/organization?notice=joined`);
      await page.getByText('You’ve joined the organization.').waitFor();
      await page.getByRole('heading', { name: inviter.organization.name, level: 1 }).waitFor();
      if (scripts) await assertAccessible(page);
      await page.getByRole('link', { name: 'Members' }).click();
      await page
        .getByRole('listitem')
        .filter({ hasText: email.split('@')[0] ?? '' })
        .getByText('You')
        .waitFor();
      // A member is offered nothing that a member may not.
      assert.equal(await page.getByRole('button').count(), 0);
      assert.equal(await emailBehind(context, site), email);
      const [membership] = await bot.database.sql<{ organizationId: string }>`
        select organization_id from memberships join users on users.id = user_id where email = ${email}`;
      assert.equal(membership?.organizationId, inviter.organization.id);
    });
  }

  test('joins by one press in a browser that is signed in as the person it is for', async () => {
    const person = await bot.register();
    await bot.database.sql`update users set email_verified_at = now() where id = ${person.user.id}`;
    const { email, link } = await invite(person.email);
    const context = await openBrowser({ viewport: 'phone', scripts: true });
    await signIn(site, context, person);
    const page = await open(context, link, { viewport: 'phone', scripts: true });
    await press(page, 'Accept the invitation');
    await page.waitForURL(`${url}/organization?notice=joined`);
    assert.equal(await emailBehind(context, site), email);
  });

  test('makes nobody out of somebody else: it offers to sign out, and is as good as before', async () => {
    const other = await bot.register();
    const { email, link } = await invite();
    const context = await openBrowser({ viewport: 'phone', scripts: true });
    await signIn(site, context, other);
    const page = await open(context, link, { viewport: 'phone', scripts: true });
    await press(page, 'Accept the invitation');
    await page.getByRole('heading', { name: 'This invitation is for another email address' }).waitFor();
    await assertAccessible(page);
    assert.equal(await hasAccount(email), false);
    assert.equal(await emailBehind(context, site), other.email);
    await press(page, 'Sign out and accept');
    await page.waitForURL(`${url}/organization?notice=joined`);
    assert.equal(await emailBehind(context, site), email);
  });

  test('is declined without an account, by keyboard, and a second press says so', async () => {
    const { email, link } = await invite();
    const context = await openBrowser({ viewport: 'phone', scripts: true });
    const page = await open(context, link, { viewport: 'phone', scripts: true });
    await page.getByRole('button', { name: 'Accept the invitation' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You declined the invitation' }).waitFor();
    assert.equal(await hasAccount(email), false);
    await page.goto(`${url}/auth/sign-in`);
    await page.goto(link);
    await press(page, 'Accept the invitation');
    await page.getByRole('heading', { name: 'This invitation was already used' }).waitFor();
    await assertAccessible(page);
  });

  test('to join by a link, a browser that is signed out is asked to sign in, and one that is joins', async () => {
    const { inviter } = await invite();
    const made = await bot.send('POST', `/v1/organizations/${inviter.organization.id}/join-link`, {
      token: inviter.access_token,
      body: {},
    });
    const { url: link } = (await made.json()) as { url: string };
    const person = await bot.register();
    await bot.database.sql`update users set email_verified_at = now() where id = ${person.user.id}`;
    const stranger = await openBrowser({ viewport: 'phone', scripts: true });
    const first = await stranger.newPage();
    await first.goto(link);
    await assertAccessible(first);
    await press(first, 'Join');
    await first.getByRole('heading', { name: 'Sign in to join' }).waitFor();
    await assertAccessible(first);
    const context = await openBrowser({ viewport: 'phone', scripts: true });
    await signIn(site, context, person);
    const page = await context.newPage();
    await page.goto(link);
    await press(page, 'Join');
    await page.waitForURL(`${url}/organization?notice=joined`);
    const access = (await context.cookies()).find(({ name }) => name === 'access')?.value ?? '';
    const me = await bot.send('GET', '/v1/me', { token: access });
    const { organization } = (await me.json()) as { organization: { id: string } };
    assert.equal(organization.id, inviter.organization.id);
  });
});
