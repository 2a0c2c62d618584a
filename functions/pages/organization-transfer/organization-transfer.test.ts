import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../../test/support/blockbot.ts';
import { verify } from '../../../test/support/invitations.ts';
import { lastEmail } from '../../../test/support/mailed.ts';
import { makeOrganization, readRoles } from '../../../test/support/organizations.ts';
import {
  expectRedirect,
  expectText,
  makeStaleBrowser,
  openOrganization,
} from '../../../test/support/pages.ts';

const bot = await startBlockbot();
const path = '/organization/transfer';

async function make() {
  const organization = await makeOrganization(bot, ['owner', 'admin']);
  const [owner, admin] = organization.people;
  if (!owner || !admin) throw new Error('nobody there');
  return { ...organization, owner, admin, here: await openOrganization(bot, owner, organization.id) };
}

test('an owner hands over to a member of the list, and both are told by email', async () => {
  const { id, here, owner, admin } = await make();
  await verify(bot, owner, admin);
  const page = await expectText(await here.get(`${path}?organization=${id}`), 200, new RegExp(admin.email));
  assert.deepEqual(
    [...page.matchAll(/<option value="([^"]+)"/g)].map(([, value]) => value),
    [admin.user.id],
    'not oneself',
  );
  const fields = { organization_id: id, user_id: admin.user.id };
  expectRedirect(await here.submit(path, fields), '/organization?notice=handed-over');
  assert.deepEqual(Object.fromEntries(await readRoles(bot, id)), {
    [owner.user.id]: 'admin',
    [admin.user.id]: 'owner',
  });
  await lastEmail(bot, owner.email, 'organization-handed-over');
  await lastEmail(bot, admin.email, 'organization-received');
  const after = await expectText(await here.get('/organization?notice=handed-over'), 200, /is handed over/);
  assert.doesNotMatch(after, /organization\/transfer/);
  await expectText(await here.get(`${path}?organization=${id}`), 403, /don’t have permission/);
  await expectText(await here.submit(path, fields), 403, /don’t have permission/);
});

test('who signed in long ago is asked to do it anew, comes back to the same organization, and nothing is done', async () => {
  const { id, here, owner, admin } = await make();
  await makeStaleBrowser(bot, here, owner);
  const to = new RegExp(`name="to" value="${path}\\?organization=${id}"`);
  await expectText(
    await here.get(`${path}?organization=${id}`),
    401,
    /Sign in again first/,
    /15 minutes/,
    to,
  );
  const fields = { organization_id: id, user_id: admin.user.id };
  await expectText(await here.submit(path, fields), 401, /Sign in again first/, to);
  assert.equal((await readRoles(bot, id)).get(owner.user.id), 'owner');
  const back = `${path}?organization=${id}`;
  const signedOut = await here.submit('/account/sign-out', { to: back });
  expectRedirect(signedOut, `/auth/sign-in?to=${encodeURIComponent(back)}`);
  const { email, password } = owner;
  expectRedirect(await here.submit('/auth/sign-in', { email, password, to: back }), back);
  await expectText(await here.get(back), 200, /Analytical Engines/);
});

test('an organization with nobody else in it has nobody to be handed over to', async () => {
  const account = await bot.register();
  const here = await openOrganization(bot, account, account.organization.id);
  const text = await expectText(await here.get(path), 200, /There’s no other member/);
  assert.doesNotMatch(text, /<form/);
  const { id, admin } = await make();
  await expectText(
    await here.get(`${path}?organization=${id}`),
    404,
    /Page not found/,
    /href="\/organization"/,
  );
  await expectText(
    await here.submit(path, { organization_id: id, user_id: admin.user.id }),
    404,
    /no longer there/,
  );
});

test('who is no member any more is said to be gone, and no field that is not there is blamed', async () => {
  const { id, here, owner, admin } = await make();
  await bot.database
    .sql`delete from memberships where organization_id = ${id} and user_id = ${admin.user.id}`;
  const refused = await here.submit(path, { organization_id: id, user_id: admin.user.id });
  const text = await expectText(refused, 422, /no longer there/, /href="\/organization"/);
  assert.doesNotMatch(text, /fields marked below/);
  assert.equal((await readRoles(bot, id)).get(owner.user.id), 'owner');
});
