/** One organization from its making to its end: each function's right response to a sound request of its owner. */
import { expectEmpty, expectHeader, expectJson, expectProblem, expectStatus, refuse } from './ask.ts';
import { toAskingStep as step } from './asking-step.ts';
import { toApiKeySteps } from './api-key-steps.ts';
import { toInvitationSteps } from './invitation-steps.ts';
import type { Step } from './steps.ts';

const nobodysId = '01890a5d-ac96-774b-bcce-b302099a8057';

/** @param owner who is signed in when a step runs */
export function toOrganizationSteps(
  owner: () => { readonly token: string; readonly password: string },
): readonly Step[] {
  // One that was deleted keeps its slug, which a second run must not want.
  const slug = `difference-${crypto.randomUUID().slice(-10)}`;
  let organization = '/v1/organizations/none';
  let own = '';
  return [
    step('organizations/create', 'makes another organization', async (send) => {
      const options = { token: owner().token, body: { name: 'Difference', slug } };
      const made = expectJson<{ organization: { id: string } }>(
        await send('POST', '/v1/organizations', options),
        201,
      );
      organization = `/v1/organizations/${made.organization.id}`;
      expectProblem(await send('POST', '/v1/organizations', options), 409, 'slug-taken');
    }),
    step('organizations/list', 'lists both, and which is current', async (send) => {
      const response = await send('GET', '/v1/organizations', { token: owner().token });
      const { organizations } = expectJson<{ organizations: readonly { current: boolean }[] }>(response, 200);
      if (organizations.map(({ current }) => current).join() !== 'true,false') refuse(response, 'other ones');
    }),
    step('organizations/read', 'shows it to its owner, and hides what is none', async (send) => {
      const { token } = owner();
      expectJson(await send('GET', organization, { token }), 200);
      expectProblem(await send('GET', `/v1/organizations/${nobodysId}`, { token }), 404, 'not-found');
    }),
    step('organizations/update', 'renames it', async (send) => {
      const options = { token: owner().token, body: { name: 'Différence 🗝' } };
      const changed = expectJson<{ organization: { name: string } }>(
        await send('PATCH', organization, options),
        200,
      );
      if (changed.organization.name !== options.body.name) throw new Error('another name');
    }),
    step('members/list', 'lists the owner, page by page', async (send) => {
      const { token } = owner();
      const response = await send('GET', `${organization}/members?limit=1`, { token });
      const { members } = expectJson<{ members: readonly { user_id: string; role: string }[] }>(
        response,
        200,
      );
      own = members[0]?.user_id ?? '';
      if (members.length !== 1 || members[0]?.role !== 'owner') refuse(response, 'not the owner');
      expectProblem(await send('GET', `${organization}/members?limit=101`, { token }), 422, 'invalid-input');
    }),
    step('members/update', 'keeps the last owner', async (send) => {
      const options = { token: owner().token, body: { role: 'member' } };
      expectProblem(await send('PATCH', `${organization}/members/${own}`, options), 409, 'last-owner');
      expectProblem(await send('PATCH', `${organization}/members/${nobodysId}`, options), 404, 'not-found');
    }),
    step('members/remove', 'keeps the last owner', async (send) => {
      const response = await send('DELETE', `${organization}/members/${own}`, { token: owner().token });
      expectProblem(response, 409, 'last-owner');
    }),
    step('audit-events/list', 'reads on from page to page, as JSON and as lines', async (send) => {
      const { token } = owner();
      const path = `${organization}/audit-events`;
      const response = await send('GET', path, { token, settled: true });
      const { next } = expectJson<{ audit_events: readonly object[]; next: string }>(response, 200);
      expectHeader(response, 'link', /^<.+\/audit-events\?.*after=.+>; rel="next"$/);
      const Accept = 'application/x-ndjson';
      const more = await send('GET', `${path}?after=${next}&limit=1`, { token, headers: { Accept } });
      expectStatus(more, 200);
      expectHeader(more, 'content-type', /^application\/x-ndjson$/);
      expectHeader(more, 'link', /rel="next"$/);
      expectProblem(await send('GET', `${path}?after=${nobodysId}`, { token }), 422, 'invalid-input');
    }),
    step('sessions/switch-organization', 'answers an access token of it', async (send) => {
      const options = { token: owner().token, body: { organization_id: organization.slice(-36) } };
      const response = await send('POST', '/v1/sessions/current/organization', options);
      if (!('access_token' in expectJson<object>(response, 200))) refuse(response, 'no access token');
    }),
    step('organizations/transfer', 'finds nobody outside to hand it over to', async (send) => {
      const options = { token: owner().token, body: { user_id: nobodysId } };
      expectProblem(await send('POST', `${organization}/transfer`, options), 422, 'invalid-input');
    }),
    ...toInvitationSteps(
      () => owner().token,
      () => organization,
    ),
    ...toApiKeySteps(
      () => owner().token,
      () => organization,
    ),
    step('organizations/delete', 'deletes it, and finds it no more', async (send) => {
      const options = { token: owner().token, body: { slug } };
      expectEmpty(await send('DELETE', organization, options), 204);
      expectProblem(await send('DELETE', organization, options), 404, 'not-found');
    }),
  ];
}
