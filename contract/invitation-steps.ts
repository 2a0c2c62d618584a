/**
 * Invitations and join links of one organization, as far as they go without a mailbox: who invites may have an address that nobody
 * has proven, and nobody reads the emails.
 */
import { expectEmpty, expectJson, expectProblem, refuse } from './ask.ts';
import { type Send, toAskingStep } from './asking-step.ts';
import type { Step } from './steps.ts';

const nobodysId = '01890a5d-ac96-774b-bcce-b302099a8057';
const nobodysToken = 'a-token-that-nobody-was-mailed-0123456789ab';

/** @param organization the path of the organization, of which the owner is signed in, when a step runs */
export function toInvitationSteps(token: () => string, organization: () => string): readonly Step[] {
  const step = (name: string, title: string, run: (send: Send) => Promise<void>) =>
    toAskingStep(name, title, run, () => ({ token: token() }));
  let pending: string | undefined;
  let link: string | undefined;
  return [
    step('invitations/create', 'invites, if who invites has a proven address', async (send) => {
      const body = { email: `invited-${crypto.randomUUID()}@example.com`, role: 'member' };
      const response = await send('POST', `${organization()}/invitations`, { body });
      if (response.status === 403) return expectProblem(response, 403, 'email-unverified');
      pending = expectJson<{ invitation: { id: string } }>(response, 201).invitation.id;
    }),
    step('invitations/list', 'lists what is open', async (send) => {
      const response = await send('GET', `${organization()}/invitations`);
      const { invitations } = expectJson<{ invitations: readonly { id: string }[] }>(response, 200);
      if (invitations[0]?.id !== pending) refuse(response, 'other invitations');
    }),
    step('invitations/resend', 'mails it anew, and finds none that there is not', async (send) => {
      const again = (id: string) => send('POST', `${organization()}/invitations/${id}/resend`);
      if (pending === undefined) return expectProblem(await again(nobodysId), 403, 'email-unverified');
      expectJson(await again(pending), 202);
      expectProblem(await again(nobodysId), 404, 'not-found');
    }),
    step('invitations/revoke', 'takes it back, once', async (send) => {
      const path = `${organization()}/invitations/${pending ?? nobodysId}`;
      if (pending !== undefined) expectEmpty(await send('DELETE', path), 204);
      expectProblem(await send('DELETE', path), 404, 'not-found');
    }),
    ...(['accept', 'decline'] as const).map((act) =>
      step(`invitations/${act}`, 'refuses a token that nobody was mailed', async (send) => {
        const response = await send('POST', `/v1/invitations/${act}`, { body: { token: nobodysToken } });
        expectProblem(response, 401, 'invitation-invalid');
      }),
    ),
    step('invitations/list-own', 'lists those of a proven address', async (send) => {
      const response = await send('GET', '/v1/invitations');
      if (response.status === 403) return expectProblem(response, 403, 'email-unverified');
      expectJson(response, 200);
    }),
    ...(['accept', 'decline'] as const).map((act) =>
      step(`invitations/${act}-own`, 'finds none that there is not', async (send) => {
        const response = await send('POST', `/v1/invitations/${nobodysId}/${act}`);
        if (response.status === 403) return expectProblem(response, 403, 'email-unverified');
        return expectProblem(response, 404, 'not-found');
      }),
    ),
    step('join-links/create', 'makes a link, if who makes it has a proven address', async (send) => {
      const response = await send('POST', `${organization()}/join-link`, { body: { maximum_uses: 1 } });
      if (response.status === 403) return expectProblem(response, 403, 'email-unverified');
      link = expectJson<{ token: string }>(response, 201).token;
    }),
    step('join-links/join', 'lets nobody in who is in, or has no proven address', async (send) => {
      const response = await send('POST', '/v1/join', { body: { token: link ?? nobodysToken } });
      if (response.status === 403) return expectProblem(response, 403, 'email-unverified');
      expectProblem(response, 409, 'already-member');
    }),
    step('join-links/revoke', 'takes it back, once', async (send) => {
      if (link !== undefined) expectEmpty(await send('DELETE', `${organization()}/join-link`), 204);
      expectProblem(await send('DELETE', `${organization()}/join-link`), 404, 'not-found');
    }),
  ];
}
