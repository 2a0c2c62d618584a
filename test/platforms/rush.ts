/**
 * Many requests at once to functions in workerd, where each opens a database client of its own: whether any is answered by
 * 5xx, and whether a connection is left after. Each request comes from a person and an address of its own, so that no limit
 * answers in the function's place.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import postgres from 'postgres';
import { createJwtKeys, createPrivateKey } from '../../lib/jwt.ts';
import { createNonce, hashNonce, toText } from '../../lib/refresh-token.ts';
import { scrypt } from '../../lib/scrypt.ts';
import { createUuid } from '../../lib/uuid.ts';
import { readNeeds } from '../../scripts/bundle/needs.ts';
import { type Door, everyDoor } from '../contract/doors.ts';
import { createTestDatabase } from '../database.ts';
import { readRoutes, startWorkers } from './runtime.ts';

export interface RushDoor extends Door {
  readonly hashes: boolean;
}

/** Every function that asks the database, as its own source tells. */
export async function findDatabaseDoors(): Promise<readonly RushDoor[]> {
  const root = pathToFileURL(`${process.cwd()}/`);
  const needs = await readNeeds(
    everyDoor.map(({ name }) => name),
    root,
  );
  return everyDoor
    .filter(({ name }) => needs.get(name)?.database)
    .map((door) => ({ ...door, hashes: needs.get(door.name)?.passwords ?? false }));
}

export interface Rush {
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  /** The first body of each status that should not be. */
  readonly faults: readonly string[];
  readonly milliseconds: number;
  /** Connections that Postgres saw. */
  readonly dialled: number;
}

interface Person {
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

const password = 'correct horse battery staple';
const publicUrl = 'https://api.example.com';
const tokenSecret = 'a secret of the rush, long enough for all';
const cronSecret = 'a secret of the scheduler, long enough';

/**
 * Bundles every function for Workers, each alone.
 *
 * @param out where to
 */
export async function createRush(out: string) {
  const script = ['--import', 'tsx', 'scripts/bundle.ts', '--quiet', '--target', 'cloudflare', '--out', out];
  const { status, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const folder = join(out, 'cloudflare');
  const database = await createTestDatabase();
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const privateKey = await createPrivateKey('ES256');
  const keys = await createJwtKeys([privateKey], { issuer: publicUrl });
  const passwordHash = await scrypt.hash(password);
  const files = new Map(readRoutes(folder).map((route) => [route.function, join(folder, route.file)]));
  const env = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    PUBLIC_URL: publicUrl,
    DATABASE_URL: database.url,
    TOKEN_SECRET: tokenSecret,
    CRON_SECRET: cronSecret,
    REDIRECT_ALLOWLIST: 'https://app.example.com',
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [privateKey] }),
  };
  /** Without a way to send, letters/send has nothing to ask Postgres; nobody is written to, so nobody answers there. */
  const mail = {
    RESEND_API_KEY: 're_of_the_rush',
    RESEND_BASE_URL: 'http://127.0.0.1:1',
    MAIL_FROM: 'Rush <rush@example.com>',
  };
  let people = 0;

  /** Accounts with a password and a session, as registering makes them. */
  async function prepare(count: number): Promise<readonly Person[]> {
    await sql`delete from outbox`;
    const persons = await Promise.all(
      Array.from({ length: count }, async () => {
        const [id, sessionId, nonce] = [createUuid(), createUuid(), createNonce()];
        const claims = { sub: id, sid: sessionId, auth_time: 0, amr: ['pwd'] };
        return {
          id,
          sessionId,
          nonce,
          email: `person-${people++}@example.com`,
          accessToken: await keys.sign(claims),
          refreshToken: toText({ sessionId, counter: 0, nonce }, tokenSecret),
        };
      }),
    );
    await sql`insert into users ${sql(
      persons.map(({ id, email }) => ({
        id,
        email,
        password_hash: passwordHash,
        email_verified_at: new Date(),
      })),
    )}`;
    await sql`insert into refresh_tokens ${sql(
      persons.map(({ id, sessionId, nonce }) => ({
        id: sessionId,
        user_id: id,
        nonce_hash: hashNonce(nonce),
        amr: ['pwd'],
        expires_at: new Date(Date.now() + 86_400_000),
      })),
    )}`;
    return persons;
  }

  /**
   * Waits until no connection but ours is left, and tells how many were ever made. A connection tells its statistics before
   * it leaves the list, so they are read after, in a statement of their own.
   */
  async function untilNoneIsOpen(): Promise<number> {
    for (;;) {
      const [list] = await sql<{ open: number }[]>`
        select count(*)::int as open from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`;
      if (list?.open === 0) break;
    }
    const [statistics] = await sql<{ made: number }[]>`
      select sessions::int as made from pg_stat_database where datname = current_database()`;
    return statistics?.made ?? 0;
  }

  return {
    /** Sends so many requests, so many of them at any time, and waits until Postgres has no connection of theirs. */
    run: async (door: RushDoor, requests: number, atOnce: number): Promise<Rush> => {
      const file = files.get(door.name);
      if (file === undefined) throw new Error(`no bundle of ${door.name} in ${folder}`);
      const persons = await prepare(requests);
      const bindings = door.name === 'letters/send' ? { ...env, ...mail } : env;
      const { ports, said, close } = await startWorkers(folder, [{ name: door.name, file }], bindings);
      const url = `http://127.0.0.1:${ports.get(door.name) ?? 1}${door.path}`;
      const statuses = new Map<number, number>();
      const faults = new Map<number, string>();
      const dialledBefore = await untilNoneIsOpen();
      const startedAt = performance.now();
      const waiting = persons.map((person, nth) => async () => {
        const response = await fetch(url, toRequest(door, person, nth));
        const text = await response.text();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        if (response.status >= 500 || response.status === 429) {
          if (!faults.has(response.status)) faults.set(response.status, `${text.slice(0, 500)}\n${said()}`);
        }
      });
      try {
        const caller = async () => {
          for (let next = waiting.shift(); next; next = waiting.shift()) await next();
        };
        await Promise.all(Array.from({ length: atOnce }, caller));
        const milliseconds = performance.now() - startedAt;
        const dialled = (await untilNoneIsOpen()) - dialledBefore;
        return { statuses, faults: [...faults.values()], milliseconds, dialled };
      } finally {
        await close();
      }
    },
    close: async () => {
      await sql.end();
      await database.drop();
    },
  };
}

function toRequest(door: RushDoor, person: Person, nth: number): RequestInit {
  const { method, name, isPage, soundBody, needsUser } = door;
  const body = soundBody && toBody(name, soundBody, person);
  return {
    method,
    redirect: 'manual',
    headers: {
      'CF-Connecting-IP': `10.${1 + (nth >> 16)}.${(nth >> 8) & 255}.${nth & 255}`,
      ...(needsUser && { Authorization: `Bearer ${person.accessToken}` }),
      ...(isPage && {
        Cookie: `__Host-access=${person.accessToken}; __Host-session=${person.refreshToken}`,
      }),
      ...(name === 'letters/send' && { Authorization: `Bearer ${cronSecret}` }),
      ...(body && {
        'Content-Type': isPage ? 'application/x-www-form-urlencoded' : 'application/json',
        'Sec-Fetch-Site': 'same-origin',
      }),
    },
    ...(body && { body: isPage ? new URLSearchParams(body).toString() : JSON.stringify(body) }),
  };
}

/** The sample's fields, with what is this person's own. */
function toBody(name: string, sample: Readonly<Record<string, unknown>>, person: Person) {
  const makesAccount = name.includes('register');
  const own: Readonly<Record<string, string>> = {
    email: makesAccount || 'password' in sample === false ? `new-${person.email}` : person.email,
    refresh_token: person.refreshToken,
  };
  return Object.fromEntries(
    Object.entries(sample).map(([field, value]) => [field, own[field] ?? String(value)]),
  );
}
