/** A second of a site's traffic: people who sign in and stay, people who fail, and a flood of addresses never seen before. */
import { createAsker, type Question, toAddress } from '../asker.ts';

/** How often each is asked in 50 requests. The refused ones fill every bounded list of the router within half an hour. */
const shares = {
  me: 17,
  sessions: 2,
  refresh: 4,
  'sign-in': 2,
  'wrong password': 1,
  'wrong code': 6,
  'sign-in link': 6,
  'foreign token': 4,
  'over the limit': 3,
  'malformed body': 1,
  'health/live': 2,
  health: 1,
  'sign-in page': 1,
} as const;
type Kind = keyof typeof shares;

/** What may be answered; anything else is told at the end. */
const expected: Readonly<Record<Kind, readonly number[]>> = {
  me: [200],
  sessions: [200],
  refresh: [200],
  'sign-in': [200],
  'wrong password': [401],
  'wrong code': [401],
  'sign-in link': [202],
  'foreign token': [401],
  'over the limit': [200, 429],
  'malformed body': [422],
  'health/live': [200],
  health: [200],
  'sign-in page': [200],
};

interface Person {
  readonly email: string;
  accessToken: string;
  refreshToken: string;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

const people = 100;
const password = 'a password of nobody else';

export interface Mix {
  /** Sends the next request, and resolves when it is answered. */
  readonly next: () => Promise<void>;
  /** How often which status was answered, by kind; of those that were not expected, if told so. */
  readonly counts: (onlyUnexpected: boolean) => Readonly<Record<string, number>>;
  readonly close: () => void;
}

/** @param url of a router that trusts one proxy; people are registered there before anything is asked */
export async function createMix(url: string): Promise<Mix> {
  const asker = createAsker(url, { maxSockets: 16 });
  const order = toOrder();
  const counts = new Map<string, number>();
  let nth = 0;
  let addresses = 0;

  const ask = (question: Question) => asker.ask(question, toAddress(++addresses));

  async function takeTokens(person: Person, question: Question): Promise<number> {
    const { status, answer } = await ask(question);
    if (status >= 300) return status;
    const { access_token, refresh_token } = JSON.parse(answer) as Tokens;
    Object.assign(person, { accessToken: access_token, refreshToken: refresh_token });
    return status;
  }

  const crowd = Array.from({ length: people }, (_, n): Person => ({
    email: `person-${n}@example.com`,
    accessToken: '',
    refreshToken: '',
  }));
  for (const person of crowd) {
    const body = { email: person.email, password };
    const status = await takeTokens(person, { method: 'POST', path: '/v1/auth/register', body });
    if (status !== 201) throw new Error(`register: ${status}`);
  }
  const turns = new Map<Kind, number>();
  const [loud, ...readers] = crowd;
  const nextPerson = (kind: Kind): Person => {
    const turn = turns.get(kind) ?? 0;
    turns.set(kind, turn + 1);
    const among = kind === 'refresh' ? crowd : readers;
    const person = among[turn % among.length];
    if (!person) throw new RangeError(kind);
    return person;
  };
  const stranger = () => `stranger-${addresses}@example.com`;
  const post = (path: string, body: unknown): Question => ({ method: 'POST', path, body });
  const statusOf = async (question: Question) => (await ask(question)).status;

  const steps: Readonly<Record<Kind, (kind: Kind) => Promise<number>>> = {
    me: (kind) => statusOf({ path: '/v1/me', token: nextPerson(kind).accessToken }),
    sessions: (kind) => statusOf({ path: '/v1/sessions', token: nextPerson(kind).accessToken }),
    refresh: (kind) => {
      const person = nextPerson(kind);
      return takeTokens(person, post('/v1/auth/refresh', { refresh_token: person.refreshToken }));
    },
    'sign-in': (kind) => {
      const person = nextPerson(kind);
      return takeTokens(person, post('/v1/auth/login', { email: person.email, password }));
    },
    'wrong password': () => statusOf(post('/v1/auth/login', { email: stranger(), password: 'not that one' })),
    'wrong code': () =>
      statusOf(post('/v1/auth/email/verify', { email: stranger(), code: '000000', binding: 'b'.repeat(43) })),
    'sign-in link': () => statusOf(post('/v1/auth/magic-link', { email: stranger() })),
    'foreign token': () => statusOf({ path: '/v1/me', token: 'not.a.token' }),
    'over the limit': () => statusOf({ path: '/v1/me', token: loud?.accessToken ?? '' }),
    'malformed body': () => statusOf(post('/v1/auth/login', { email: 'nobody' })),
    'health/live': () => statusOf({ path: '/health/live' }),
    health: () => statusOf({ path: '/health' }),
    'sign-in page': () => statusOf({ path: '/auth/sign-in' }),
  };

  return {
    next: async () => {
      const kind = order[nth++ % order.length];
      if (kind === undefined) return;
      const status = await steps[kind](kind).catch(() => 0);
      const name = `${kind}: ${status}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    counts: (onlyUnexpected) =>
      Object.fromEntries([...counts].filter(([name]) => !onlyUnexpected || !isExpected(name))),
    close: asker.close,
  };
}

function isExpected(name: string): boolean {
  const [kind, status] = name.split(': ');
  return expected[kind as Kind].includes(Number(status));
}

/** Each kind spread over the whole, so that a second is like the next. */
function toOrder(): readonly Kind[] {
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  return Object.entries(shares)
    .flatMap(([kind, share]) =>
      Array.from({ length: share }, (_, nth) => ({ kind: kind as Kind, at: ((nth + 0.5) * total) / share })),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ kind }) => kind);
}
