/** What callers of a site do, and how often. */
import type { Answered, Question } from '../asker.ts';
import { type Member, password } from './crowd.ts';
import { audience, type Fleet } from './site.ts';

export type Act = keyof typeof acts;

interface Conduct {
  /** In a thousand requests of the mix. */
  readonly share: number;
  readonly expected: number;
  readonly act: (fleet: Pick<Fleet, 'ask'>, member: Member) => Promise<number>;
}

const post = (path: string, body: unknown): Question => ({ method: 'POST', path, body });

const simple =
  (toQuestion: (member: Member) => Question): Conduct['act'] =>
  async ({ ask }, member) =>
    (await ask(toQuestion(member), member.address)).status;

function keepTokens(member: Member, { status, answer }: Answered): number {
  if (status !== 200) return status;
  const tokens = JSON.parse(answer) as { access_token: string; refresh_token: string };
  member.accessToken = tokens.access_token;
  member.refreshToken = tokens.refresh_token;
  return status;
}

async function signIn({ ask }: Pick<Fleet, 'ask'>, member: Member): Promise<number> {
  const body = { email: member.email, password };
  return keepTokens(member, await ask(post('/v1/auth/login', body), member.address));
}

async function refresh({ ask }: Pick<Fleet, 'ask'>, member: Member): Promise<number> {
  member.refreshing ??= ask(post('/v1/auth/refresh', { refresh_token: member.refreshToken }), member.address)
    .then((answered) => keepTokens(member, answered))
    .finally(() => (member.refreshing = undefined));
  return member.refreshing;
}

/**
 * A product whose people sign in once in some hundred requests, and whose front end refreshes every quarter of an hour; reads of the
 * product go through the gate, most of them by people, some by programs.
 */
const acts = {
  'sign-in': { share: 8, expected: 200, act: signIn },
  refresh: { share: 32, expected: 200, act: refresh },
  'GET /v1/me': {
    share: 150,
    expected: 200,
    act: simple(({ accessToken }) => ({ path: '/v1/me', token: accessToken })),
  },
  'GET /v1/sessions': {
    share: 20,
    expected: 200,
    act: simple(({ accessToken }) => ({ path: '/v1/sessions', token: accessToken })),
  },
  'GET /v1/organizations/{id}': {
    share: 90,
    expected: 200,
    act: simple(({ accessToken, organizationId }) => ({
      path: `/v1/organizations/${organizationId}`,
      token: accessToken,
    })),
  },
  'gate, access token': {
    share: 450,
    expected: 200,
    act: simple(({ accessToken }) => ({ path: `/v1/gate?audience=${audience}`, token: accessToken })),
  },
  'gate, API key': {
    share: 200,
    expected: 200,
    act: simple(({ apiKey }) => ({ path: `/v1/gate?audience=${audience}`, token: apiKey })),
  },
  '401, a token of nobody': {
    share: 45,
    expected: 401,
    act: simple(() => ({ path: '/v1/me', token: 'not.a.token' })),
  },
  '401, a wrong password': {
    share: 5,
    expected: 401,
    act: simple(({ email }) => post('/v1/auth/login', { email, password: 'not that one' })),
  },
} as const satisfies Readonly<Record<string, Conduct>>;

export const actNames = Object.keys(acts) as readonly Act[];

export const conductOf = (name: Act): Conduct => acts[name];

/** @param at anything from 0 to below 1 */
export function pickAct(at: number): Act {
  let rest = at * actNames.reduce((sum, name) => sum + acts[name].share, 0);
  return actNames.find((name) => (rest -= acts[name].share) < 0) ?? 'GET /v1/me';
}
