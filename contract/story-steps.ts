/** One account from registering to deletion: each function's right response to a sound request, in the order of a life. */
import {
  type ReceivedResponse,
  type Ask,
  expectEmpty,
  expectEnded,
  expectHeader,
  expectJson,
  expectProblem,
  expectStatus,
  headerOf,
  type RequestOptions,
  refuse,
} from './ask.ts';
import { toAddress } from './addresses.ts';
import { toOrganizationSteps } from './organization-steps.ts';
import type { Step } from './steps.ts';

interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** CRON_SECRET of whatever is asked. */
export const cronSecret = 'a secret of the scheduler, long enough';

/** GATE_AUDIENCES of whatever is asked. */
export const gateAudience = 'billing';

const email = 'ada@example.com';
const nobodysToken = 'a-token-that-nobody-was-mailed-0123456789ab';

export function toStorySteps(): readonly Step[] {
  let password = 'correct horse battery staple';
  let tokens: TokenPair = { access_token: '', refresh_token: '' };
  const steps: Step[] = [];

  function step(
    name: string,
    title: string,
    run: (
      send: (method: string, path: string, options?: RequestOptions) => Promise<ReceivedResponse>,
      ask: Ask,
    ) => Promise<void>,
  ): void {
    const from = toAddress(`${name} ${title}`);
    steps.push({
      name,
      title,
      run: (ask) => run((method, path, options) => ask(name, method, path, { from, ...options }), ask),
    });
  }

  const post = (
    name: string,
    title: string,
    path: string,
    body: () => object,
    check: (response: ReceivedResponse) => void,
    signedIn = false,
  ) => {
    step(name, title, async (send) => {
      check(await send('POST', path, { body: body(), ...(signedIn && { token: tokens.access_token }) }));
    });
  };

  post(
    'accounts/register',
    'makes an account with an organization',
    '/v1/auth/register',
    () => ({ email, password, name: 'Ada Lövelace 🗝', organization_name: 'Analytical' }),
    (response) => {
      tokens = expectJson<TokenPair>(response, 201);
      expectHeader(response, 'cache-control', /no-store/);
    },
  );
  post(
    'accounts/register',
    'makes no second one of an address',
    '/v1/auth/register',
    () => ({ email: 'ADA@example.com', password }),
    (response) => expectProblem(response, 409, 'email-taken'),
  );
  post(
    'sessions/login',
    'takes no wrong password',
    '/v1/auth/login',
    () => ({ email, password: 'a wrong one' }),
    (response) => expectProblem(response, 401, 'invalid-credentials'),
  );
  post(
    'sessions/login',
    'answers a token pair',
    '/v1/auth/login',
    () => ({ email, password }),
    (response) => {
      tokens = expectJson<TokenPair>(response, 200);
    },
  );
  step('me/read', 'shows the person, in every alphabet', async (send) => {
    const response = await send('GET', '/v1/me', { token: tokens.access_token });
    const { user } = expectJson<{ user: { email: string; name: string } }>(response, 200);
    if (user.email !== email || user.name !== 'Ada Lövelace 🗝') refuse(response, 'somebody else');
  });
  step('me/update', 'takes the name away', async (send) => {
    const response = await send('PATCH', '/v1/me', { token: tokens.access_token, body: { name: null } });
    const { user } = expectJson<{ user: { name: unknown } }>(response, 200);
    if (user.name !== null) refuse(response, 'the name is still there');
  });
  step('gate/check', 'lets who has signed in pass, and tells the service whom', async (send) => {
    const options = { token: tokens.access_token };
    const passed = await send('GET', `/v1/gate?audience=${gateAudience}`, options);
    expectEmpty(passed, 200);
    expectHeader(passed, 'x-identity', /^eyJ/);
    const refused = await send('GET', '/v1/gate?audience=nobody', options);
    expectProblem(refused, 422, 'invalid-input');
    if (headerOf(refused, 'x-identity') !== undefined) refuse(refused, 'an identity all the same');
  });
  step('sessions/list', 'lists both, this one first', async (send) => {
    const response = await send('GET', '/v1/sessions', {
      token: tokens.access_token,
    });
    const { sessions } = expectJson<{ sessions: readonly { current: boolean }[] }>(response, 200);
    if (sessions.length !== 2 || !sessions[0]?.current) refuse(response, 'not the two of them');
  });
  step('sessions/revoke', 'ends the other one, and finds it no more', async (send, ask) => {
    const token = tokens.access_token;
    const list = await ask('sessions/list', 'GET', '/v1/sessions', { token });
    const { sessions } = expectJson<{ sessions: readonly { id: string; current: boolean }[] }>(list, 200);
    const other = sessions.find(({ current }) => !current)?.id ?? 'none';
    expectEmpty(await send('DELETE', `/v1/sessions/${other}`, { token }), 204);
    expectProblem(await send('DELETE', `/v1/sessions/${other}`, { token }), 404, 'not-found');
    expectProblem(await send('DELETE', '/v1/sessions/%F0%9F%97%9D', { token }), 404, 'not-found');
  });
  step('sessions/refresh', 'rotates, and answers a repeated token alike', async (send) => {
    const body = { refresh_token: tokens.refresh_token };
    const [next, again] = [
      await send('POST', '/v1/auth/refresh', { body }),
      await send('POST', '/v1/auth/refresh', { body }),
    ];
    tokens = expectJson<TokenPair>(next, 200);
    const repeated = expectJson<TokenPair>(again, 200);
    if (repeated.refresh_token !== tokens.refresh_token) refuse(again, 'another successor');
  });
  step('sessions/refresh', 'takes no text that is none of ours', async (send) => {
    const response = await send('POST', '/v1/auth/refresh', { body: { refresh_token: 'bbrt_sample' } });
    expectProblem(response, 401, 'refresh-token-invalid');
  });
  step('sessions/revoke-others', 'answers 204 where there is no other', async (send) => {
    expectEmpty(await send('DELETE', '/v1/sessions', { token: tokens.access_token }), 204);
  });
  step('passwords/change', 'changes it', async (send) => {
    const body = { current_password: password, new_password: 'another good password' };
    expectEmpty(await send('POST', '/v1/auth/password/change', { token: tokens.access_token, body }), 204);
    password = body.new_password;
  });

  steps.push(...toOrganizationSteps(() => ({ token: tokens.access_token, password })));

  step('audit-events/list-own', 'reads what happened to the person', async (send) => {
    const options = { token: tokens.access_token, settled: true } as const;
    const response = await send('GET', '/v1/me/audit-events?limit=500', options);
    // Not which: whatever else is under way in the cluster holds the newest back where nobody can wait for it.
    expectJson<{ audit_events: readonly object[] }>(response, 200);
    expectHeader(response, 'link', /rel="next"$/);
  });

  step('me/export', 'gives the person all that is kept', async (send) => {
    const response = await send('GET', '/v1/me/export', { token: tokens.access_token });
    expectStatus(response, 200);
    if (!response.body.includes(email)) refuse(response, 'not of this person');
  });

  const pending = (response: ReceivedResponse) => void expectJson(response, 202);
  post('magic-links/request', 'answers 202', '/v1/auth/magic-link', () => ({ email }), pending);
  post('passwords/forgot', 'answers 202', '/v1/auth/password/forgot', () => ({ email }), pending);
  post('emails/resend', 'answers 202', '/v1/auth/email/resend', () => ({ email }), pending);
  post(
    'emails/change',
    'answers 202',
    '/v1/auth/email/change',
    () => ({ email: 'countess@example.com', password }),
    pending,
    true,
  );
  for (const [name, path, more] of [
    ['emails/verify', '/v1/auth/email/verify', {}],
    ['emails/confirm', '/v1/auth/email/confirm', {}],
    ['passwords/reset', '/v1/auth/password/reset', { new_password: 'another good password' }],
  ] as const) {
    step(name, 'knows no token that nobody was mailed', async (send) => {
      const response = await send('POST', path, { body: { token: nobodysToken, ...more } });
      expectHeader(response, 'content-type', /^application\/problem\+json$/);
      if (response.status < 400 || response.status >= 500) refuse(response, 'expected a refusal');
    });
  }
  step('magic-links/verify', 'refuses the eleventh try in a quarter of an hour', async (send) => {
    const body = { token: nobodysToken };
    for (let i = 0; i < 10; i++) await send('POST', '/v1/auth/magic-link/verify', { body });
    const response = await send('POST', '/v1/auth/magic-link/verify', { body });
    expectProblem(response, 429, 'quota-exceeded');
    expectHeader(response, 'retry-after', /^[1-9]\d*$/);
    expectHeader(response, 'ratelimit', /^"auth";r=0;t=\d+/);
  });

  step('outbox/deliver', 'sends what is due to the scheduler, and says how many', async (send) => {
    const counts = expectJson<object>(await send('POST', '/v1/outbox/deliver', { token: cronSecret }), 200);
    if (Object.keys(counts).join(' ') !== 'sent failed dead') throw new Error('other counts');
  });
  step('sessions/logout', 'ends the session, with the cleared body of a 204', async (send) => {
    const body = { refresh_token: tokens.refresh_token };
    expectEmpty(await send('POST', '/v1/auth/logout', { body }), 204);
    expectEmpty(await send('POST', '/v1/auth/logout', { body }), 204);
  });
  step('me/delete', 'deletes the account, after a new login', async (send, ask) => {
    const from = toAddress('me/delete');
    const login = { from, body: { email, password } };
    const pair = expectJson<TokenPair>(await ask('sessions/login', 'POST', '/v1/auth/login', login), 200);
    const options = { token: pair.access_token, body: { password } };
    expectEmpty(await send('DELETE', '/v1/me', options), 204);
    expectEnded(await send('DELETE', '/v1/me', options));
    expectProblem(await ask('sessions/login', 'POST', '/v1/auth/login', login), 401, 'invalid-credentials');
  });
  return steps;
}
