import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../../test/support/blockbot.ts';
import { makeOrganization, readTrail } from '../../../test/support/organizations.ts';
import {
  expectRedirect,
  expectText,
  makeStaleBrowser,
  openOrganization,
} from '../../../test/support/pages.ts';

const bot = await startBlockbot();
const path = '/organization/delete';

async function make() {
  const organization = await makeOrganization(bot, ['owner', 'admin']);
  const [owner, admin] = organization.people;
  if (!owner || !admin) throw new Error('nobody there');
  return { ...organization, owner, admin, here: await openOrganization(bot, owner, organization.id) };
}

const isDeleted = async (id: string) =>
  (await bot.database.sql`select id from organizations where id = ${id} and deleted_at is not null`).length >
  0;

test('an owner deletes an organization against its slug, after a page that says what will happen', async () => {
  const { id, slug, here } = await make();
  await expectText(
    await here.get(`${path}?organization=${id}`),
    200,
    /Analytical Engines/,
    /For 30 days/,
    new RegExp(`To confirm, type ${slug}<`),
  );
  const fields = { organization_id: id, name: 'Analytical Engines', expected: slug };
  for (const typed of ['', 'another-one', 'No Slug']) {
    const refused = await here.submit(path, { ...fields, slug: typed });
    await expectText(refused, 422, /id="slug-error"/, new RegExp(`To confirm, type ${slug}<`));
  }
  assert.equal(await isDeleted(id), false);
  expectRedirect(await here.submit(path, { ...fields, slug }), '/account/organizations?notice=deleted');
  assert.equal(await isDeleted(id), true);
  assert.equal((await readTrail(bot, id)).at(-1)?.event, 'organization.deleted');
  const list = await expectText(await here.get('/account/organizations?notice=deleted'), 200, /is deleted/);
  assert.ok(!list.includes(slug));
  expectRedirect(await here.get('/organization'), '/account/organizations?notice=choose');
  await expectText(await here.submit(path, { ...fields, slug }), 404);
});

test('nobody but an owner who has just signed in is shown the page, or deletes anything', async () => {
  const { id, slug, here, owner, admin } = await make();
  const theirs = await openOrganization(bot, admin, id);
  const fields = { organization_id: id, slug, name: 'Analytical Engines', expected: slug };
  await expectText(await theirs.get(path), 403, /don’t have permission/);
  await expectText(await theirs.submit(path, fields), 403, /don’t have permission/);
  await makeStaleBrowser(bot, here, owner);
  const to = new RegExp(`name="to" value="${path}\\?organization=${id}"`);
  await expectText(await here.get(`${path}?organization=${id}`), 401, /Sign in again first/, to);
  await expectText(await here.submit(path, fields), 401, /Sign in again first/, to);
  assert.equal(await isDeleted(id), false);
});
