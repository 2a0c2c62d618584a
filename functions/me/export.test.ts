import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { createDeafStore } from '../../test/support/deaf-store.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeApiKey } from '../../test/support/api-keys.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import exportAccount from './export.ts';

const bot = await startBlockbot({ rateLimits: createDeafStore() });
const download = (token: string) => bot.send('GET', '/v1/me/export', { token }, exportAccount);

interface AccountExport {
  readonly exported_at: string;
  readonly user: Readonly<Record<string, unknown>>;
  readonly organizations: readonly Readonly<Record<string, unknown>>[];
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
  readonly known_devices: readonly { readonly seen_at: string }[];
  readonly verifications: readonly {
    readonly purpose: string;
    readonly email: string;
    readonly created_at: string;
    readonly expires_at: string;
  }[];
  readonly emails: readonly Readonly<Record<string, unknown>>[];
  readonly invitations: readonly { readonly email: string; readonly sent: boolean }[];
  readonly join_links: readonly object[];
  readonly api_keys: readonly { readonly name: string; readonly scopes: readonly string[] }[];
  readonly audit_events: readonly {
    readonly event: string;
    readonly session_id: string | null;
    readonly target_id: string | null;
  }[];
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('the export is a file to keep', async () => {
  const { access_token: token } = await bot.register();
  const response = await download(token);
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="account.json"');
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal(response.headers.get('cache-control'), 'no-store');
});

test('the export holds all that is held on the person, and nothing of anybody else', async () => {
  const [account, other] = [await bot.register({ name: 'Ada' }), await bot.register()];
  const { email, password, access_token: token, user, organization } = account;
  const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0' };
  await expectJson(
    await bot.send('POST', '/v1/auth/login', { body: { email, password }, headers, address: '203.0.113.7' }),
    200,
  );
  for (const address of [email, other.email]) {
    await expectJson(await bot.send('POST', '/v1/auth/magic-link', { body: { email: address } }), 202);
  }
  const change = { email: 'ada@new.example', password };
  await expectJson(await bot.send('POST', '/v1/auth/email/change', { token, body: change }), 202);

  const document = await expectJson<AccountExport>(await download(token), 200);
  assert.match(document.exported_at, time);
  assert.deepEqual(Object.keys(document.user), [
    'id',
    'email',
    'name',
    'locale',
    'email_verified',
    'created_at',
    'email_verified_at',
    'has_password',
    'updated_at',
    'disabled_at',
    'disabled_reason',
  ]);
  assert.equal(document.user.id, user.id);
  assert.equal(document.user.has_password, true);
  assert.deepEqual(
    document.organizations.map(({ joined_at: joinedAt, ...shown }) => [shown, time.test(String(joinedAt))]),
    [[organization, true]],
  );
  assert.deepEqual(document.sessions.map(({ device, address }) => [device, address]).slice(1), [
    ['Firefox on Linux', '203.0.113.7'],
  ]);
  assert.equal(document.known_devices.length, 2);
  assert.deepEqual(document.verifications.map(({ purpose, email: to }) => `${purpose} ${to}`).sort(), [
    `email-change ada@new.example`,
    `email-verification ${email}`,
    `sign-in ${email}`,
  ]);
  assert.deepEqual(
    document.emails.map(({ template, recipient, state }) => [template, recipient, state].join(' ')).sort(),
    [
      `email-change-asked ${email} waiting`,
      `email-verification ${email} waiting`,
      `new-device ${email} waiting`,
      `sign-in ${email} waiting`,
    ],
  );
  assert.deepEqual(
    document.audit_events.map(({ event }) => event),
    ['account.registered', 'session.started', 'session.started'],
  );
});

test('no secret and no hash is in the export', async () => {
  const account = await bot.register();
  const { email, access_token: token } = account;
  await expectJson(await bot.send('POST', '/v1/auth/magic-link', { body: { email } }), 202);
  const text = await (await download(token)).text();
  assert.doesNotMatch(text, /hash|nonce|sealed|argon2|\$|bbrt_|eyJ/);
  const secrets = await bot.database.sql<{ secret: string }>`
    select unnest(array[encode(token_hash, 'hex'), encode(code_hash, 'hex')]) as secret from magic_links where email = ${email}
    union all select encode(nonce_hash, 'hex') from refresh_tokens where user_id = ${account.user.id}
    union all select encode(device_hash, 'hex') from known_devices where user_id = ${account.user.id}`;
  assert.equal(secrets.length, 6);
  for (const { secret } of secrets) {
    assert.ok(!text.includes(secret));
    assert.ok(!text.includes(Buffer.from(secret, 'hex').toString('base64').slice(0, 16)));
  }
});

test('the export does not tell whether an address that was asked for has an account', async () => {
  const { access_token: token, password } = await bot.register();
  const known = await bot.register();
  for (const email of [known.email, 'nobody@new.example']) {
    const change = { email, password };
    await expectJson(await bot.send('POST', '/v1/auth/email/change', { token, body: change }), 202);
  }
  const { verifications } = await expectJson<AccountExport>(await download(token), 200);
  const told = verifications
    .filter(({ purpose }) => purpose === 'email-change')
    .map(({ email: _, created_at: createdAt, expires_at: expiresAt, ...more }) => ({
      ...more,
      lastsMs: Date.parse(expiresAt) - Date.parse(createdAt),
    }));
  assert.equal(told.length, 2);
  assert.deepEqual(told[0], told[1]);
});

test('the export ends with the session', async () => {
  const { access_token: token, refresh_token } = await bot.register();
  await expectEmpty(await bot.send('POST', '/v1/auth/logout', { body: { refresh_token } }), 204);
  await expectProblem(await download(token), 'session-ended');
});

test('the export has the invitations to a proven address, those that were sent, and what was done to others', async () => {
  const { id, path, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  assert.ok(owner && member);
  const insert = (email: string, invitedBy: string | null) => bot.database.sql`
    insert into invitations (id, organization_id, email, role, invited_by, token_hash, expires_at)
    values (gen_random_uuid(), ${id}, ${email}, 'member', ${invitedBy}, sha256(${email}::text::bytea),
      now() + interval '7 days')`;
  await insert('somebody@example.com', owner.user.id);
  await insert('nobody-of-these@example.com', null);
  await insert(member.email, owner.user.id);
  await bot.database.sql`
    insert into join_links (id, organization_id, token_hash, created_by, expires_at)
    values (gen_random_uuid(), ${id}, 'hash'::bytea, ${owner.user.id}, now() + interval '7 days')`;
  await makeApiKey(bot, member, path, { personal: true, name: 'Mine' });
  await makeApiKey(bot, owner, path, { name: 'Of the organization' });
  await expectEmpty(
    await bot.send('DELETE', `${path}/members/${member.user.id}`, { token: owner.access_token }),
    204,
  );
  const ofOwner = await expectJson<AccountExport>(await download(owner.access_token), 200);
  assert.deepEqual(
    ofOwner.invitations,
    [
      ['somebody@example.com', true],
      [member.email, true],
    ].map(([email, sent], nth) => ({ ...ofOwner.invitations[nth], email, sent })),
  );
  assert.equal(ofOwner.join_links.length, 1);
  const didRemove = ofOwner.audit_events.find(({ event }) => event === 'member.removed');
  assert.equal(didRemove?.target_id, member.user.id);
  const invited = async () => {
    const document = await expectJson<AccountExport>(await download(member.access_token), 200);
    const removal = document.audit_events.find(({ event }) => event === 'member.removed');
    assert.equal(removal?.session_id, null);
    assert.deepEqual(
      document.api_keys.map(({ name, scopes }) => [name, scopes]),
      [['Mine', ['members:read']]],
    );
    return document.invitations.map(({ email, sent }) => [email, sent]);
  };
  assert.deepEqual(await invited(), []);
  await bot.database.sql`update users set email_verified_at = now() where id = ${member.user.id}`;
  assert.deepEqual(await invited(), [[member.email, false]]);
});
