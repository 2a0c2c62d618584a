/** The life of one account, short enough for the limits of one address. What it makes it deletes. */
import { randomBytes } from 'node:crypto';
import {
  expectEmpty,
  expectEnded,
  expectJson,
  expectProblem,
  expectStatus,
  refuse,
} from '../../contract/ask.ts';
import { toInvitationSteps } from '../../contract/invitation-steps.ts';
import type { Step } from '../../contract/steps.ts';

interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** @param mailbox in which the account's address is: `+smoke-...` before its at sign */
export function toAccountSteps(mailbox: string): readonly Step[] {
  const email = mailbox.replace('@', `+smoke-${randomBytes(4).toString('hex')}@`);
  const password = randomBytes(18).toString('base64url');
  let tokens: TokenPair | undefined;
  let pending = false;
  let organization = '';

  /** Of those who were signed in; where the address has to be verified first, nobody is. */
  const signedIn = (
    name: string,
    title: string,
    run: (...args: [...Parameters<Step['run']>, TokenPair]) => Promise<void>,
  ): Step => ({
    name,
    title,
    run: async (ask) => {
      if (pending) return;
      if (!tokens) throw new Error('nobody is signed in');
      await run(ask, tokens);
    },
  });

  return [
    {
      name: 'accounts/register',
      title: 'makes an account, or waits until its address is verified',
      run: async (ask) => {
        const answer = await ask('accounts/register', 'POST', '/v1/auth/register', {
          body: { email, password },
        });
        expectStatus(answer, 201, 202);
        pending = answer.status === 202;
        if (pending) return;
        const registered = expectJson<TokenPair & { organization: { id: string } }>(answer, 201);
        tokens = registered;
        organization = `/v1/organizations/${registered.organization.id}`;
      },
    },
    {
      name: 'sessions/login',
      title: 'takes no wrong password',
      run: async (ask) => {
        const body = { email, password: `not ${password}` };
        expectProblem(
          await ask('sessions/login', 'POST', '/v1/auth/login', { body }),
          401,
          'invalid-credentials',
        );
      },
    },
    signedIn('sessions/refresh', 'gives the next pair', async (ask, { refresh_token }) => {
      tokens = expectJson<TokenPair>(
        await ask('sessions/refresh', 'POST', '/v1/auth/refresh', { body: { refresh_token } }),
        200,
      );
    }),
    signedIn('sessions/list', 'shows this device', async (ask, { access_token: token }) => {
      const answer = await ask('sessions/list', 'GET', '/v1/sessions', { token });
      const { sessions } = expectJson<{ sessions: readonly { current: boolean }[] }>(answer, 200);
      if (sessions.filter(({ current }) => current).length !== 1) refuse(answer, 'not one current session');
    }),
    // As far as they go for who reads no mailbox: the account's address stays unproven.
    ...toInvitationSteps(
      () => tokens?.access_token ?? '',
      () => organization,
    ).map(({ name, title, run }) => signedIn(name, title, run)),
    signedIn('me/delete', 'deletes the account', async (ask, { access_token: token }) => {
      expectEmpty(await ask('me/delete', 'DELETE', '/v1/me', { token, body: { password } }), 204);
    }),
    signedIn(
      'me/read',
      'refuses the token of an account that is gone',
      async (ask, { access_token: token }) => {
        expectEnded(await ask('me/read', 'GET', '/v1/me', { token }));
      },
    ),
  ];
}
