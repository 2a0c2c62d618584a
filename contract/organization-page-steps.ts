/**
 * The pages of one organization, from its making to its end, as the one person in it goes through them; as far as they go without
 * a mailbox: who invites may have an address that nobody has proven.
 */
import { type ReceivedResponse, refuse } from './ask.ts';
import { expectPage, expectRedirect } from './page-steps.ts';

type Fields = Readonly<Record<string, string>>;
type Browse = (method: string, path: string, fields?: Fields) => Promise<ReceivedResponse>;

/** What `browser-story.ts` makes steps with. */
interface Steps {
  readonly step: (name: string, title: string, run: (browse: Browse) => Promise<void>) => void;
  readonly shows: (name: string, path: string, words: string) => void;
  readonly takes: (name: string, title: string, path: string, fields: () => Fields, location: string) => void;
  readonly refuses: (name: string, title: string, path: string, fields: () => Fields, status: number) => void;
}

const nobodysId = '01890a5d-ac96-774b-bcce-b302099a8057';
const list = '/account/organizations';

export function toOrganizationPageSteps(steps: Steps): void {
  // One that was deleted keeps its slug, which a second run must not want.
  const slug = `page-${crypto.randomUUID().slice(-10)}`;
  let organization_id = nobodysId;
  addBelonging(steps, slug, (id) => (organization_id = id));
  const fields = (more: Fields = {}) => ({ organization_id, ...more });
  addMembers(steps, slug, fields);
  addInvitations(steps, fields);
  addKeys(steps, fields);
  addEnd(steps, slug, fields);
}

function addBelonging({ step, shows, takes, refuses }: Steps, slug: string, found: (id: string) => void) {
  shows('pages/account-organizations/show', list, `action="${list}"`);
  refuses('pages/account-organizations/create', 'shows the form again', list, () => ({ slug: 'A' }), 422);
  takes(
    'pages/account-organizations/create',
    'makes one',
    list,
    () => ({ name: 'Page <🗝>', slug }),
    `${list}?notice=created`,
  );
  let made = nobodysId;
  step('pages/account-organizations/show', 'has a button that leads into it', async (browse) => {
    const { body } = await browse('GET', list);
    made = body.match(/\/switch">\s*<input type="hidden" name="organization_id" value="([^"]+)"/)?.[1] ?? '';
    found(made);
  });
  step('pages/account-organizations/switch', 'leads into it, and to no other', async (browse) => {
    expectPage(await browse('POST', `${list}/switch`, { organization_id: nobodysId }), 404);
    const response = await browse('POST', `${list}/switch`, { organization_id: made });
    expectRedirect(response, '/organization?notice=switched');
  });
  for (const act of ['accept', 'decline']) {
    step(`pages/account-organizations/${act}`, 'finds no invitation that there is not', async (browse) => {
      const response = await browse('POST', `${list}/${act}`, { id: nobodysId });
      expectPage(response, response.status === 403 ? 403 : 404);
    });
  }
  shows('pages/organization/show', '/organization', 'Page &lt;🗝&gt;');
}

function addMembers(
  { step, shows, takes, refuses }: Steps,
  slug: string,
  fields: (more?: Fields) => Fields,
): void {
  takes(
    'pages/organization/rename',
    'saves the name',
    '/organization',
    () => fields({ name: 'Seite', slug }),
    '/organization?notice=renamed',
  );
  shows('pages/organization-members/show', '/organization/members', 'Grace');
  const path = '/organization/members';
  const stranger = () => fields({ user_id: nobodysId, role: 'admin' });
  refuses('pages/organization-members/change-role', 'finds no stranger', `${path}/role`, stranger, 404);
  refuses('pages/organization-members/remove', 'finds no stranger', `${path}/remove`, stranger, 404);
  step('pages/account-organizations/leave', 'keeps the only owner', async (browse) => {
    expectPage(await browse('POST', `${list}/leave`, fields()), 409);
  });
}

function addInvitations({ step, shows, refuses }: Steps, fields: (more?: Fields) => Fields): void {
  const path = '/organization/invitations';
  shows('pages/organization-invitations/show', path, 'href="/organization"');
  step(
    'pages/organization-invitations/invite',
    'invites, if who invites has a proven address',
    async (browse) => {
      const email = 'invited-by-page@example.com';
      const response = await browse('POST', path, fields({ email, role: 'member' }));
      if (response.status === 403) return expectPage(response, 403);
      return expectRedirect(response, `${path}?notice=invited`);
    },
  );
  step('pages/organization-invitations/resend', 'finds no invitation that there is not', async (browse) => {
    const response = await browse('POST', `${path}/resend`, fields({ id: nobodysId }));
    expectPage(response, response.status === 403 ? 403 : 404);
  });
  const nobodys = () => fields({ id: nobodysId });
  refuses(
    'pages/organization-invitations/revoke',
    'finds none that there is not',
    `${path}/revoke`,
    nobodys,
    404,
  );
  const link = '/organization/join-link';
  let isMade = false;
  const create = 'shows the link this once, if who makes it has a proven address';
  step('pages/organization-join-link/create', create, async (browse) => {
    const response = await browse('POST', link, fields({ expires_in_days: '1' }));
    isMade = response.status !== 403;
    if (!isMade) return expectPage(response, 403);
    expectPage(response, 200);
    if (!/value="https?:[^"]+\/auth\/join#[\w-]{43}"/.test(response.body)) refuse(response, 'shows no link');
  });
  step('pages/organization-join-link/revoke', 'turns it off, once', async (browse) => {
    const turnOff = () => browse('POST', `${link}/revoke`, fields());
    if (isMade) expectRedirect(await turnOff(), `${path}?notice=link-off`);
    expectPage(await turnOff(), 404);
  });
}

function addKeys({ step, shows, refuses }: Steps, fields: (more?: Fields) => Fields): void {
  const path = '/organization/keys';
  shows('pages/organization-keys/show', path, `action="${path}"`);
  const key = { name: 'Importer', belongs_to: 'organization', expires_in_days: '30', limit_seconds: '60' };
  const create = 'pages/organization-keys/create';
  refuses(create, 'wants something that it may', path, () => fields(key), 422);
  let id = nobodysId;
  step(create, 'shows the key this once', async (browse) => {
    expectKey(await browse('POST', path, fields({ ...key, 'members:read': 'on' })));
  });
  step('pages/organization-keys/show', 'does not show it a second time', async (browse) => {
    const shown = await browse('GET', path);
    if (keyIn.test(shown.body)) refuse(shown, 'shows the key a second time');
    [, id = ''] = shown.body.match(/name="id" value="([^"]+)"/) ?? [];
  });
  step('pages/organization-keys/rotate', 'shows the next key', async (browse) => {
    expectKey(await browse('POST', `${path}/rotate`, fields({ id, overlap_seconds: '0' })));
  });
  shows('pages/organization-usage/show', '/organization/usage', '</table>');
  const revoke = 'pages/organization-keys/revoke';
  const revoked = () => `${path}?organization=${fields()['organization_id'] ?? ''}&notice=revoked`;
  step(revoke, 'ends it, once', async (browse) => {
    const end = () => browse('POST', `${path}/revoke`, fields({ id }));
    expectRedirect(await end(), revoked());
    expectPage(await end(), 404);
  });
}

const keyIn = /bbk_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}/;

function expectKey(response: ReceivedResponse): void {
  expectPage(response, 200);
  if (!keyIn.test(response.body)) refuse(response, 'shows no key');
}

function addEnd({ shows, takes, refuses }: Steps, slug: string, fields: (more?: Fields) => Fields): void {
  shows('pages/organization-transfer/show', '/organization/transfer', 'href="/organization"');
  const transfer = () => fields({ user_id: nobodysId });
  refuses('pages/organization-transfer/submit', 'finds no stranger', '/organization/transfer', transfer, 422);
  shows('pages/organization-delete/show', '/organization/delete', 'action="/organization/delete"');
  const remove = '/organization/delete';
  const wrong = () => fields({ slug: 'another' });
  refuses('pages/organization-delete/submit', 'wants its own slug', remove, wrong, 422);
  const right = () => fields({ slug });
  takes('pages/organization-delete/submit', 'deletes it', remove, right, `${list}?notice=deleted`);
}
