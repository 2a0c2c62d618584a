/**
 * The examples of the document are what was sent and answered here: `contract/examples.json` has them, and one that this
 * server would not answer is another text. `EXAMPLES=record npm test -- test/contract/examples` writes it anew.
 * Long because each area tells a story of its own.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { compile } from '../../contract/conformance.ts';
import { document, toPointer } from '../../contract/document.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { confirmLink, toCallback } from '../support/app-link.ts';
import { startBlockbot } from '../support/blockbot.ts';
import { mailedInvitation } from '../support/invitations.ts';
import { lastEmail } from '../support/mailed.ts';
import { bareSettings } from '../support/settings.ts';
import { settleTrail } from '../support/settled-trail.ts';
import { createExampleRecorder, type ExampleRecorder } from './example-recorder.ts';

const file = new URL('../../contract/examples.json', import.meta.url);
const email = 'ada@example.com';
const password = 'correct horse battery staple';
const strict = await startBlockbot({ settings: { ...bareSettings, requireEmailVerification: true } });
const bot = await startBlockbot();

async function showRegistering({ ask }: ExampleRecorder, onlyVerified: ExampleRecorder) {
  const registration = { email, password, name: 'Ada Lovelace' };
  await onlyVerified.ask('accounts/register', { body: registration });
  await onlyVerified.ask('sessions/login', { body: { email, password } });
  const registered = await ask('accounts/register', { body: registration });
  await ask('accounts/register', { body: registration });
  await ask('accounts/register', { body: { email, pasword: password } });
  const { token } = await lastEmail(bot, email, 'email-verification');
  await ask('emails/verify', { body: { token, binding: registered['binding'] }, title: 'by-link' });
  await ask('emails/verify', { body: { token } });
  await ask('emails/resend', { body: { email } });
}

async function showSessions({ ask }: ExampleRecorder) {
  await ask('sessions/login', { body: { email, password: 'not the password' } });
  const { access_token: other } = await ask('sessions/login', { body: { email, password } });
  const { refresh_token } = await ask('sessions/login', { body: { email, password } });
  const { access_token } = await ask('sessions/refresh', { body: { refresh_token } });
  await ask('sessions/refresh', { body: { refresh_token: 'bbrt_sample' } });
  const token = String(access_token);
  await ask('me/read');
  await ask('me/read', { token });
  await ask('me/update', { token, body: { name: 'Ada King' } });
  const { sid } = await bot.services.keys.verify(String(other));
  await ask('sessions/revoke', { token, ids: [sid] });
  await ask('sessions/revoke', { token, ids: [sid] });
  await ask('sessions/revoke-others', { token });
  await ask('sessions/list', { token });
  await ask('me/read', { token: String(other) });
  return token;
}

async function showMailed({ ask }: ExampleRecorder, token: string) {
  const { binding } = await ask('magic-links/request', { body: { email } });
  const { code } = await lastEmail(bot, email, 'sign-in');
  await ask('magic-links/verify', { body: { email, code, binding }, title: 'by-code' });
  await ask('magic-links/verify', { body: { email, code: '000000', binding } });
  await ask('passwords/forgot', { body: { email } });
  const reset = await lastEmail(bot, email, 'password-reset');
  const { access_token } = await ask('sessions/login', { body: { email, password } });
  await ask('passwords/reset', {
    body: { token: reset.token, new_password: 'another good password' },
    title: 'by-link',
  });
  await ask('sessions/list', { token: String(access_token) });
  return token;
}

/** An app's link, by the verifier of RFC 7636, appendix B. */
async function showApp({ ask }: ExampleRecorder) {
  const app = {
    redirect_to: 'https://app.example.com/in',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    state: 'sample-state',
  };
  await ask('magic-links/request', { body: { email, ...app }, title: 'of-an-app' });
  const { code } = toCallback(await confirmLink(bot, email));
  const form = {
    grant_type: 'authorization_code',
    code,
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    redirect_uri: app.redirect_to,
  };
  await ask('tokens/issue', { form });
  await ask('tokens/issue', { form });
  await ask('tokens/issue', { form: { ...form, grant_type: 'password' } });
}

async function showApiKeys({ ask }: ExampleRecorder) {
  const { access_token: token, organization } = await bot.register({
    email: 'hedy@example.com',
    name: 'Hedy Lamarr',
  });
  const body = { name: 'Importer', scopes: ['members:read'] };
  const { key, api_key } = await ask('api-keys/create', { token, ids: [organization.id], body });
  const id = String(Reflect.get(Object(api_key), 'id'));
  const ids = [organization.id, id];
  await ask('api-keys/list', { token, ids });
  await ask('api-keys/read', { token, ids });
  await ask('api-keys/update', { token, ids, body: { limit: { requests: 600, seconds: 60 } } });
  await ask('api-keys/read-own', { token: String(key) });
  await ask('api-keys/read-own', { token: 'bbk_sample' });
  const credentials = { client_id: id, client_secret: String(key) };
  const form = { grant_type: 'client_credentials', ...credentials };
  // Of another address: so many refusals have used up what one may fail at.
  const address = '203.0.113.9';
  await ask('tokens/issue', { address, form, title: 'of-a-program' });
  await ask('tokens/issue', { address, form: { ...form, scope: 'members:write' } });
  await ask('tokens/issue', { address, form: { ...form, client_secret: 'none' } });
  await ask('api-keys/rotate', { token, ids, body: { overlap_seconds: 3600 } });
  await bot.database.sql`
    insert into api_key_usage (key_id, day, requests, refused) values (${id}, current_date, 1200, 3)`;
  await ask('api-keys/list-usage', { token, ids });
  await ask('api-keys/report', { address, body: { keys: [String(key)] } });
  await ask('api-keys/revoke', { token, ids });
}

async function showAccount({ ask }: ExampleRecorder) {
  const new_password = 'a third good password';
  const current_password = 'another good password';
  const { access_token } = await ask('sessions/login', { body: { email, password: current_password } });
  const token = String(access_token);
  await ask('passwords/change', { token, body: { current_password: password, new_password } });
  await ask('passwords/change', { token, body: { current_password, new_password } });
  const wanted = 'countess@example.com';
  const change = { email: wanted, password: new_password };
  const { binding } = await ask('emails/change', { token, body: change });
  const { code } = await lastEmail(bot, wanted, 'email-change');
  await ask('emails/confirm', { token, body: { email: wanted, code, binding }, title: 'by-code' });
}

async function showOrganizations({ ask }: ExampleRecorder) {
  const { access_token: token, user } = await bot.register({
    email: 'mary@example.com',
    name: 'Mary Somerville',
  });
  const colleague = await bot.register({ email: 'charles@example.com', name: 'Charles Babbage' });
  const { organization } = await ask('organizations/create', {
    token,
    body: { name: 'Analytical Engines', slug: 'analytical-engines' },
  });
  await ask('organizations/create', {
    token,
    body: { name: 'Analytical Engines', slug: 'analytical-engines' },
  });
  const { id } = organization as { readonly id: string };
  await bot.database.sql`
    insert into memberships (organization_id, user_id, role) values (${id}, ${colleague.user.id}, 'member')`;
  const request = { token, ids: [id] };
  await ask('organizations/list', request);
  await ask('organizations/read', request);
  await ask('organizations/read', { token });
  await ask('organizations/update', { ...request, body: { name: 'Difference Engines' } });
  await ask('organizations/update', { ...request, token: colleague.access_token, body: { name: 'Mine' } });
  await ask('sessions/switch-organization', { token, body: { organization_id: id } });
  await ask('members/list', request);
  await settleTrail(bot.database);
  await ask('audit-events/list', request);
  await ask('audit-events/list', { ...request, token: colleague.access_token });
  await ask('audit-events/list-own', { token });
  const themself = { token, ids: [id, user.id] };
  await ask('members/update', { ...themself, body: { role: 'admin' } });
  await ask('members/remove', themself);
  const other = { token, ids: [id, colleague.user.id] };
  await ask('members/update', { ...other, body: { role: 'admin' } });
  await ask('organizations/transfer', { ...request, body: { user_id: colleague.user.id } });
  await ask('organizations/delete', {
    ...request,
    token: colleague.access_token,
    body: { slug: 'analytical-engines' },
  });
}

async function showInvitations({ ask }: ExampleRecorder) {
  const { access_token: token, user, organization } = await bot.register({ email: 'annabella@example.com' });
  const request = { token, ids: [organization.id] };
  const body = { email: 'babbage@example.com', role: 'admin' };
  await ask('invitations/create', { ...request, body });
  await bot.database.sql`update users set email_verified_at = now() where id = ${user.id}`;
  const { invitation } = await ask('invitations/create', { ...request, body });
  await ask('invitations/list', request);
  const { id } = invitation as { readonly id: string };
  await ask('invitations/resend', { token, ids: [organization.id, id] });
  const accepted = { token: await mailedInvitation(bot, body.email) };
  // Of another address: so many refusals have used up what one may fail at.
  const address = '203.0.113.8';
  await ask('invitations/accept', { address, token, body: accepted });
  await ask('invitations/accept', { address, body: accepted });
  await ask('invitations/accept', { address, body: accepted });
  const at = `/v1/organizations/${organization.id}`;
  const declining = { email: 'herschel@example.com', role: 'member' };
  await bot.send('POST', `${at}/invitations`, { token, body: declining });
  await ask('invitations/decline', {
    address,
    body: { token: await mailedInvitation(bot, declining.email) },
  });
  const made = await bot.send('POST', `${at}/join-link`, { token, body: {} });
  const { token: link } = (await made.json()) as { readonly token: string };
  const joining = await bot.register({ email: 'somerville@example.com' });
  await bot.database.sql`update users set email_verified_at = now() where id = ${joining.user.id}`;
  await ask('join-links/join', { address, token: joining.access_token, body: { token: link } });
  await ask('join-links/create', { ...request, body: { domain: 'example.com', expires_in_days: 7 } });
}

/** Of a person with little to export, and nothing to keep. */
async function showLeaving({ ask }: ExampleRecorder) {
  const { access_token: token } = await bot.register({ email: 'joan@example.com' });
  await ask('me/export', { token });
  await ask('me/delete', { token, body: { password: 'not the password' } });
  await ask('me/delete', { token, body: { password } });
}

async function showOperation({ ask }: ExampleRecorder) {
  await ask('keys/publish');
  await ask('health/live');
  await ask('health/ready');
  await ask('health/check');
  await bot.services.outbox.deliver();
  await ask('outbox/deliver', { token: bot.services.settings.cronSecret ?? '' });
}

async function record(): Promise<string> {
  const recorded = new Map();
  const recorder = createExampleRecorder(bot, endpoints, recorded);
  const onlyVerified = createExampleRecorder(strict, endpoints, recorded);
  await showRegistering(recorder, onlyVerified);
  await showMailed(recorder, await showSessions(recorder));
  await showApp(recorder);
  await showAccount(recorder);
  const { refresh_token } = await recorder.ask('sessions/login', {
    body: { email: 'countess@example.com', password: 'a third good password' },
  });
  await recorder.ask('sessions/logout', { body: { refresh_token } });
  await showOrganizations(recorder);
  await showApiKeys(recorder);
  await showInvitations(recorder);
  await showLeaving(recorder);
  await showOperation(recorder);
  return recorder.toText();
}

test('the examples are what a server takes and answers', async () => {
  const text = await record();
  if (process.env['EXAMPLES'] === 'record') writeFileSync(file, text);
  assert.equal(readFileSync(file, 'utf8'), text, 'EXAMPLES=record npm test -- test/contract/examples');
});

test('every example in the document is of the schema that it stands beside', () => {
  let checked = 0;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(methods)) {
      const contents = [
        ...(requestBody ? [[['requestBody'], requestBody.content] as const] : []),
        ...Object.entries(responses).flatMap(([status, response]) =>
          'content' in response && response.content
            ? [[['responses', status], response.content] as const]
            : [],
        ),
      ];
      for (const [steps, content] of contents) {
        for (const [mediaType, { example, examples = {} }] of Object.entries(content)) {
          const validate = compile(
            toPointer('#', ['paths', path, method, ...steps, 'content', mediaType, 'schema']),
          );
          const values = [example, ...Object.values(examples).map(({ value }) => value)];
          for (const value of values.filter((one) => one !== undefined)) {
            assert.ok(validate(value), `${method} ${path}: ${JSON.stringify(validate.errors)}`);
            checked++;
          }
        }
      }
    }
  }
  assert.ok(checked > 40, `${checked} examples`);
});
