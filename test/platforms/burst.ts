/**
 * Many requests at once to functions in workerd, where each opens a database client of its own: whether any is refused, and
 * whether a connection is left after. Each request comes from a person and an address of its own, so that no limit answers in
 * the function's place; what they name is their own and what was mailed to them is good, so that there is nothing to refuse; and
 * what the function mails is taken by a provider.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import { createJwtKeys, createPrivateKey } from '../../lib/security/jwt.ts';
import type { Role, VerificationPurpose } from '../../db/schema.ts';
import { toNeeds } from '../../hosts/core/needs.ts';
import { type Endpoint, everyEndpoint } from '../../contract/endpoints.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPeople } from './accounts.ts';
import { appOrigin, createRequest, cronSecret, gateAudience } from './burst-request.ts';
import { readRoutes, startWorkers } from './runtime.ts';
import { createKeyring } from '../../lib/core/keyring.ts';

export interface BurstEndpoint extends Endpoint {
  readonly hashes: boolean;
}

/** Every function that asks the database, as it declares itself. */
export function findDatabaseEndpoints(): readonly BurstEndpoint[] {
  return everyEndpoint
    .map((endpoint) => ({ ...endpoint, needs: toNeeds(endpoint.app) }))
    .filter(({ needs }) => needs.database)
    .map(({ needs, ...endpoint }) => ({ ...endpoint, hashes: needs.passwords }));
}

export interface Burst {
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  /** The first body of each status that refuses. */
  readonly faults: readonly string[];
  readonly milliseconds: number;
  /** Connections that Postgres saw. */
  readonly dialled: number;
  /** How often each event was written into the audit trail. */
  readonly events: ReadonlyMap<string, number>;
}

const publicUrl = 'https://api.example.com';
const tokenSecret = 'a secret of the burst that is long enough for all';

/** What a person has been mailed before, where an endpoint takes a link or a code, or mails it again. */
const mailedBefore: Readonly<Record<string, VerificationPurpose>> = {
  'emails/confirm': 'email-change',
  'emails/resend': 'email-verification',
  'emails/verify': 'email-verification',
  'magic-links/verify': 'sign-in',
  'pages/code/submit': 'sign-in',
  'pages/magic-link/submit': 'sign-in',
  'pages/reset/submit': 'password-reset',
  'pages/verify/submit': 'email-verification',
  'passwords/reset': 'password-reset',
  'tokens/issue': 'authorization',
};

/** Where the person goes, the organization needs another owner. */
const colleagueRoles: Readonly<Record<string, Role>> = {
  'me/delete': 'owner',
  'pages/account-delete/submit': 'owner',
  'pages/account-organizations/leave': 'owner',
};

/**
 * Bundles every function for Workers, each alone.
 *
 * @param out where to
 */
export async function createBurst(out: string) {
  const script = ['--import', 'tsx', 'scripts/bundle.ts', '--quiet', '--target', 'cloudflare', '--out', out];
  const { status, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const folder = join(out, 'cloudflare');
  const database = await createTestDatabase();
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const privateKey = await createPrivateKey('ES256');
  const keys = await createJwtKeys([privateKey], { issuer: publicUrl });
  const people = createPeople(sql, { keys, keyring: createKeyring([tokenSecret]) });
  const provider = await startMailProvider();
  const files = new Map(readRoutes(folder).map((route) => [route.function, join(folder, route.file)]));
  const env = {
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    PUBLIC_URL: publicUrl,
    DATABASE_URL: database.url,
    TOKEN_SECRET: tokenSecret,
    CRON_SECRET: cronSecret,
    REDIRECT_ALLOWLIST: appOrigin,
    CORS_ORIGINS: appOrigin,
    COOKIE_ORIGINS: appOrigin,
    GATE_AUDIENCES: gateAudience,
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [privateKey] }),
    RESEND_API_KEY: 're_of_the_rush',
    RESEND_BASE_URL: provider.url,
    MAIL_FROM: 'Burst <burst@example.com>',
  };

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

  async function readEvents(since: Date): Promise<Burst['events']> {
    const rows = await sql<{ event: string; times: number }[]>`
      select event, count(*)::int as times from audit_events where occurred_at >= ${since} group by event`;
    return new Map(rows.map(({ event, times }) => [event, times]));
  }

  return {
    /** Sends so many requests, so many of them at any time, and waits until Postgres has no connection of theirs. */
    run: async (endpoint: BurstEndpoint, requests: number, atOnce: number): Promise<Burst> => {
      const file = files.get(endpoint.name);
      if (file === undefined) throw new Error(`no bundle of ${endpoint.name} in ${folder}`);
      const persons = await people.moveIn(requests, {
        mailed: mailedBefore[endpoint.name],
        colleagueRole: colleagueRoles[endpoint.name],
      });
      const { ports, said, close } = await startWorkers(folder, [{ name: endpoint.name, file }], env);
      const origin = `http://127.0.0.1:${ports.get(endpoint.name) ?? 1}`;
      const statuses = new Map<number, number>();
      const faults = new Map<number, string>();
      const dialledBefore = await untilNoneIsOpen();
      const since = new Date();
      const startedAt = performance.now();
      const waiting = persons.map((person, nth) => async () => {
        const response = await fetch(createRequest(origin, endpoint, person, nth));
        const text = await response.text();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        if (response.status >= 400 && !faults.has(response.status)) {
          faults.set(response.status, `${response.status}: ${text.slice(0, 500)}\n${said()}`);
        }
      });
      try {
        const caller = async () => {
          for (let next = waiting.shift(); next; next = waiting.shift()) await next();
        };
        await Promise.all(Array.from({ length: atOnce }, caller));
        const milliseconds = performance.now() - startedAt;
        const dialled = (await untilNoneIsOpen()) - dialledBefore;
        const events = await readEvents(since);
        return { statuses, faults: [...faults.values()], milliseconds, dialled, events };
      } finally {
        await close();
      }
    },
    close: async () => {
      provider.close();
      await sql.end();
      await database.drop();
    },
  };
}

/** Takes every email at once. */
async function startMailProvider() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{"id":"taken"}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
