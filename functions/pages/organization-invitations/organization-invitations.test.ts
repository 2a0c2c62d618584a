import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '../../../db/schema.ts';
import { type Registered, startBlockbot } from '../../../test/support/blockbot.ts';
import type { BrowserClient } from '../../../test/support/browser.ts';
import { inviteByEmail, mailedInvitation, verify } from '../../../test/support/invitations.ts';
import { makeOrganization, readTrail, setRole } from '../../../test/support/organizations.ts';
import { expectRedirect, expectText, openOrganization } from '../../../test/support/pages.ts';

const bot = await startBlockbot();
const path = '/organization/invitations';
let invited = 0;
const newAddress = () => `invited-${++invited}@example.com`;

/** An organization with a proven owner, and another person whose browser is in it. */
async function make(role: Role) {
  const organization = await makeOrganization(bot, ['owner', role]);
  const [owner, person] = organization.people;
  if (!owner || !person) throw new Error('nobody there');
  await verify(bot, owner, person);
  return { ...organization, owner, person, here: await openOrganization(bot, person, organization.id) };
}

const readOpen = (id: string) => bot.database.sql<{ email: string; role: Role; invitedBy: string }>`
  select email, role, invited_by from invitations
  where organization_id = ${id} and accepted_at is null and declined_at is null and revoked_at is null
  order by email`;

const optionsIn = (text: string) => [...text.matchAll(/<option value="(\w+)"/g)].map(([, value]) => value);

test('somebody is invited: a row, an email that works, and a line on the page', async () => {
  const { id, here, person } = await make('admin');
  const email = newAddress();
  bot.countStatements();
  const page = await expectText(await here.get(path), 200, /No invitation is open/);
  assert.equal(bot.countStatements(), 3);
  assert.deepEqual(optionsIn(page).slice(0, 2).toSorted(), ['admin', 'member'], 'no role above one’s own');
  const fields = { organization_id: id, email: email.toUpperCase(), role: 'member', own_role: 'admin' };
  expectRedirect(await here.submit(path, fields), `${path}?notice=invited`);
  assert.deepEqual(await readOpen(id), [{ email, role: 'member', invitedBy: person.user.id }]);
  await mailedInvitation(bot, email);
  await expectText(
    await here.get(`${path}?notice=invited`),
    200,
    new RegExp(`>${email}<`),
    /until <time/,
    /on its way/,
  );
});

test('what can’t be invited is said above the form, which keeps what was typed and offers no more than before', async () => {
  const { id, here, owner } = await make('admin');
  const invite = (email: string, role: string) =>
    here.submit(path, { organization_id: id, email, role, own_role: 'admin' });
  const wrong = await expectText(await invite('nobody', 'admin'), 422, /id="email-error"/, /value="nobody"/);
  assert.deepEqual(optionsIn(wrong).toSorted(), ['admin', 'member']);
  assert.match(wrong, /value="admin" selected/);
  await expectText(await invite(owner.email, 'member'), 409, /already a member/);
  await expectText(await invite(newAddress(), 'owner'), 403, /don’t have permission/);
  const member = await make('member');
  const theirs = { organization_id: member.id, email: newAddress(), role: 'member', own_role: 'owner' };
  await expectText(await member.here.submit(path, theirs), 403);
  await expectText(await member.here.get(path), 403, /don’t have permission/, /href="\/organization"/);
  await expectText(await member.here.submit(path, { ...theirs, organization_id: id }), 404);
  assert.deepEqual(await readOpen(id), []);
  assert.deepEqual(await readOpen(member.id), []);
});

test('who has not proven their own address is asked to, and refused', async () => {
  const { id, here, person, owner, path: api } = await make('admin');
  const open = await inviteByEmail(bot, { path: api, token: owner.access_token, email: newAddress() });
  await here.submit('/organization/join-link', { organization_id: id, expires_in_days: '7' });
  await bot.database.sql`update users set email_verified_at = null where id = ${person.user.id}`;
  const text = await expectText(await here.get(path), 200, /confirm your own email address first/);
  assert.doesNotMatch(text, /name="email"|invitations\/resend|action="\/organization\/join-link"/);
  assert.match(text, /invitations\/revoke/);
  assert.match(text, /join-link\/revoke/);
  const fields = { organization_id: id, email: newAddress(), role: 'member' };
  await expectText(await here.submit(path, fields), 403, /Confirm your email address first/);
  await expectText(await here.submit(`${path}/resend`, { organization_id: id, id: open.id }), 403);
  assert.equal((await readOpen(id)).length, 1);
});

test('an invitation is sent again and taken back, by whose role reaches its role', async () => {
  const { id, here, person, owner, path: api } = await make('admin');
  const [email, token] = [newAddress(), owner.access_token];
  const open = await inviteByEmail(bot, { path: api, token, email });
  const above = await inviteByEmail(bot, { path: api, token, email: newAddress(), role: 'owner' });
  const text = await expectText(await here.get(path), 200, new RegExp(above.email));
  assert.equal(text.match(/invitations\/revoke"/g)?.length, 1, 'not for the owner’s');
  const act = (verb: string, invitation: { readonly id: string }) =>
    here.submit(`${path}/${verb}`, { organization_id: id, id: invitation.id });
  await expectText(await act('revoke', above), 403);
  await bot.database
    .sql`update invitations set expires_at = now() - interval '1 second' where id = ${open.id}`;
  await expectText(await here.get(path), 200, /Expired/);
  expectRedirect(await act('resend', open), `${path}?notice=resent`);
  assert.notEqual(await mailedInvitation(bot, email), open.token);
  const [renewed] = (await readOpen(id)).filter((row) => row.email === email);
  assert.equal(renewed?.invitedBy, person.user.id);
  expectRedirect(await act('revoke', open), `${path}?notice=revoked`);
  assert.deepEqual(
    (await readOpen(id)).map((row) => row.email),
    [above.email],
  );
  for (const verb of ['resend', 'revoke']) await expectText(await act(verb, open), 404, /no longer there/);
});

test('a link to join is shown once, lets in who it says, and is turned off', async () => {
  const { id, here } = await make('admin');
  const another = await make('admin');
  await another.here.submit(link, { organization_id: another.id, expires_in_days: '7' });
  const none = await expectText(await here.get(path), 200, /Create a link/);
  assert.doesNotMatch(none, /join-link\/revoke/, 'not the one of another organization');
  const fields = { organization_id: id, domain: 'Example.COM', maximum_uses: '1', expires_in_days: '30' };
  await expectText(
    await here.submit(link, { ...fields, domain: 'no domain', maximum_uses: '10001' }),
    422,
    /id="domain-error"/,
    /id="maximum_uses-error"/,
    /value="30" selected/,
  );
  const made = await expectText(await here.submit(link, fields), 200, /shown only this once/);
  const [, token = ''] =
    made.match(/value="https:\/\/api\.example\.com\/auth\/join#([\w-]{43})"\s+readonly/) ?? [];
  const page = await expectText(await here.get(path), 200, /Only addresses at example.com/, /0 of 1 joined/);
  assert.ok(!page.includes(token));
  const [row] = await bot.database.sql<{ domain: string; maximumUses: number; days: number }>`
    select domain, maximum_uses, round(extract(epoch from expires_at - now()) / 86400)::int as days
    from join_links where organization_id = ${id}`;
  assert.deepEqual(row, { domain: 'example.com', maximumUses: 1, days: 30 });
  const joiner = await bot.register();
  await verify(bot, joiner);
  const theirs = await openOrganization(bot, joiner, joiner.organization.id);
  expectRedirect(await theirs.submit('/auth/join', { token }), '/organization?notice=joined');
  await expectText(await theirs.get('/organization?notice=joined'), 200, /<h1>Analytical Engines/);
  await expectText(await here.get(path), 200, /1 of 1 joined/);
  const off = (browser: BrowserClient) => browser.submit(`${link}/revoke`, { organization_id: id });
  await expectText(await off(theirs), 403);
  expectRedirect(await off(here), `${path}?notice=link-off`);
  await expectText(await off(here), 404, /no longer there/);
  assert.doesNotMatch(await expectText(await here.get(path), 200), /join-link\/revoke/);
  await expectText(
    await theirs.submit(link, { ...fields, organization_id: another.id }),
    404,
    /no longer there/,
    /value="Example.COM"/,
  );
  assert.equal((await readTrail(bot, id)).at(-1)?.event, 'join_link.revoked');
});

const link = '/organization/join-link';

const isShown = (text: string) => /\/auth\/join#[\w-]{43}/.test(text);

const readLinks = (id: string) => bot.database.sql<{ tokenHash: Uint8Array; isLive: boolean }>`
  select token_hash, revoked_at is null as is_live from join_links where organization_id = ${id} order by created_at`;

async function prepareForm(role: Role) {
  const { id, here, owner } = await make(role);
  const readId = async () =>
    /name="form_id" value="(.+?)"/.exec(await (await here.get(path)).text())?.[1] ?? '';
  const form_id = await readId();
  const fields = { organization_id: id, form_id, expires_in_days: '7' };
  const submit = (more: Readonly<Record<string, string>> = {}) => here.submit(link, { ...fields, ...more });
  return { id, here, owner, fields, submit, readId };
}

test('a form makes one link, however often it is sent, and does not end the one that it has shown', async () => {
  const { id, here, owner, fields, submit, readId } = await prepareForm('admin');
  assert.notEqual(await readId(), fields.form_id);
  const refused = await expectText(await submit({ domain: 'no domain' }), 422);
  assert.ok(refused.includes(`name="form_id" value="${fields.form_id}"`), 'it is the same form still');
  assert.ok(isShown(await expectText(await submit(), 200)));
  const [made] = await readLinks(id);
  const again = await expectText(await submit(), 200, /was created already/, /can’t be shown again/);
  assert.ok(!isShown(again));
  assert.deepEqual(await readLinks(id), [made], 'it lives on');
  assert.deepEqual(
    (await readTrail(bot, id)).map(({ event }) => event).filter((event) => event.startsWith('join_link')),
    ['join_link.created'],
  );
  const there = await openOrganization(bot, owner, id);
  for (const another of [
    () => submit({ maximum_uses: '5' }),
    () => submit({ expires_in_days: '30' }),
    () => there.submit(link, fields),
  ]) {
    assert.ok(isShown(await expectText(await another(), 200)), 'another form, or another person');
  }
  await expectText(await submit(), 200, /was created already/);
  const links = await readLinks(id);
  assert.deepEqual(
    links.map(({ isLive }) => isLive),
    [false, false, false, true],
    'nor is one made after its end',
  );
  assert.ok(isShown(await expectText(await here.submit(link, { ...fields, form_id: await readId() }), 200)));
});

test('of a form for a link that is sent five times at once one makes a link', async () => {
  const { id, submit } = await prepareForm('admin');
  const pages = await Promise.all(Array.from({ length: 5 }, async () => expectText(await submit(), 200)));
  assert.equal(pages.filter(isShown).length, 1);
  assert.equal((await readLinks(id)).length, 1);
});

test('who may make links no more is refused, also with a form that has made one', async () => {
  const { id, here, person } = await make('admin');
  const fields = { organization_id: id, form_id: crypto.randomUUID(), expires_in_days: '7' };
  await expectText(await here.submit(link, fields), 200);
  await setRole(bot, id, person.user.id, 'member');
  await expectText(await here.submit(link, fields), 403, /don’t have permission/);
  assert.equal((await readLinks(id)).length, 1);
});

test('after ten in a row an organization’s thirty a day are told as a page, with what was typed', async () => {
  const { id, here, person } = await make('owner');
  for (let nth = 0; nth < 30; nth++) await invite(person, id);
  const fields = { organization_id: id, email: 'one-more@example.com', role: 'member', own_role: 'owner' };
  await expectText(await here.submit(path, fields), 429, /value="one-more@example.com"/, /Try again/);
  assert.equal((await readOpen(id)).length, 30);
});

const invite = ({ access_token: token }: Registered, id: string) =>
  inviteByEmail(bot, { path: `/v1/organizations/${id}`, token, email: newAddress() });
