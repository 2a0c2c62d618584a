/** A whole Blockbot in a test: every service real, the database one of its own, limits and counts within reach. */
import type { FunctionApp } from '../../lib/http/function.ts';
import { after } from 'node:test';
import { createDatabaseClient, type DatabaseClient } from '../../db/client.ts';
import { argon2id } from '../../hosts/node/argon2.ts';
import { loadFunctions } from '../../hosts/node/functions.ts';
import { createRouter } from '../../hosts/core/router.ts';
import type { Database, Sql } from '../../db/sql.ts';
import { createApiKeys } from '../../lib/http/api-keys.ts';
import { createHealth } from '../../lib/core/health.ts';
import { createJwtKeys, createPrivateKey } from '../../lib/security/jwt.ts';
import { createSender } from '../../lib/mail/sender.ts';
import { createLog } from '../../lib/core/log.ts';
import { isCommonPassword } from '../../lib/security/common-passwords.ts';
import { createPasswordHasher } from '../../lib/security/password.ts';
import { createMemoryIdempotency } from '../../lib/idempotency/memory-store.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import { scrypt } from '../../lib/security/scrypt.ts';
import type { Services } from '../../lib/http/services.ts';
import { watchLimits } from './counted-limits.ts';
import { createTestDatabase } from './database.ts';
import { captureEmails, type CapturedEmail } from './captured-emails.ts';
import { documented, hasRoute } from './documented.ts';
import { bareSettings } from './settings.ts';
import { createKeyring } from '../../lib/core/keyring.ts';

export const publicUrl = 'https://api.example.com';

export interface TestRequest {
  /** Text and bytes go as they are, anything else as JSON. */
  readonly body?: unknown;
  /** An access token to send along. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The client's address; a new one for each request unless told, so that no limit is met by accident. */
  readonly address?: string;
}

export interface TestBlockbot {
  readonly services: Services;
  readonly database: DatabaseClient;
  readonly databaseUrl: string;
  readonly logLines: readonly string[];
  /** Statements sent since the last call. */
  readonly countStatements: () => number;
  /** Asks one function, or all of them when none is named. */
  readonly send: (
    method: string,
    path: string,
    request?: TestRequest,
    app?: FunctionApp,
  ) => Promise<Response>;
  /** Registers an account and answers what the endpoint answered. */
  readonly register: (fields?: Readonly<Record<string, string>>) => Promise<Registered>;
  /** Sends what waits, and answers every email so far, oldest first; those to one mailbox if one is named. */
  readonly emails: (to?: string) => Promise<readonly CapturedEmail[]>;
}

export interface Registered {
  readonly email: string;
  readonly password: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly user: { readonly id: string };
  readonly organization: { readonly id: string; readonly name: string; readonly slug: string };
}

export const functions = await loadFunctions(new URL('../../functions/', import.meta.url));

/** Closed by itself when the test file ends. */
export async function startBlockbot(overrides: Partial<Services> = {}): Promise<TestBlockbot> {
  const { url, drop } = await createTestDatabase();
  const database = createDatabaseClient({ url });
  after(async () => {
    await database.close();
    await drop();
  });
  const logLines: string[] = [];
  const log = createLog({ write: (line) => logLines.push(line) });
  const counted = countStatements(database);
  const keyring = overrides.keyring ?? createKeyring(['a secret of this test that is long enough for all']);
  const kept = captureEmails();
  const settings = overrides.settings ?? {
    ...bareSettings,
    corsOrigins: new Set(['https://app.example.com']),
    cookieOrigins: new Set(['https://app.example.com']),
    redirectOrigins: new Set(['https://app.example.com']),
    gateAudiences: new Set(['billing', 'https://reports.example.com']),
    cronSecret: 'a secret of the scheduler, long enough for all',
  };
  const sender = createSender({ database, transport: kept, keyring, publicUrl: settings.publicUrl, log });
  const services: Services = {
    settings,
    log,
    database: counted.database,
    keyring,
    keys: await createJwtKeys([await createPrivateKey('ES256')], { issuer: settings.publicUrl }),
    rateLimits: createMemoryStore(),
    idempotency: createMemoryIdempotency(),
    passwords: {
      ...createPasswordHasher([argon2id, scrypt], { concurrency: 2, queue: 1000 }),
      isCommon: (password) => Promise.resolve(isCommonPassword(password)),
      isBreached: () => Promise.resolve(false),
    },
    health: createHealth([{ name: 'postgres:responseTime', onFailure: 'fail', ping: database.ping }]),
    // Nothing is sent behind a test's back: it asks for its emails, or calls `deliver()`.
    outbox: { wake: () => undefined, deliver: sender.deliver },
    peerAddress: '192.0.2.1',
    apiKeys: createApiKeys(),
    ...overrides,
  };
  const router = createRouter(functions.values());

  async function send(
    method: string,
    path: string,
    request: TestRequest = {},
    app: FunctionApp = router,
  ): Promise<Response> {
    const { body, token, headers, address = nextAddress() } = request;
    const limits = watchLimits(services.rateLimits);
    const response = await app.request(
      path,
      {
        method,
        headers: {
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
      },
      { ...services, rateLimits: limits.store, peerAddress: address },
    );
    limits.assertDocumented(method, path);
    return app === router || hasRoute(app, method, path) ? documented(method, path, response) : response;
  }

  let registered = 0;
  async function register(fields: Readonly<Record<string, string>> = {}): Promise<Registered> {
    const email = `person-${++registered}@example.com`;
    const account = { email, password: 'correct horse battery staple', ...fields };
    const response = await send('POST', '/v1/auth/register', { body: account });
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
    return { ...account, ...((await response.json()) as Omit<Registered, 'email' | 'password'>) };
  }

  async function emails(to?: string): Promise<readonly CapturedEmail[]> {
    await services.outbox.deliver();
    const rows = await database.sql<{
      id: string;
      template: string;
    }>`select id, letter as template from outbox`;
    const names = new Map(rows.map(({ id, template }) => [id, template]));
    return kept.emails
      .filter((email) => to === undefined || email.to === to)
      .map((email) => ({ ...email, template: names.get(email.id) ?? 'of a deleted account' }));
  }

  return {
    services,
    database,
    databaseUrl: url,
    logLines,
    countStatements: counted.count,
    send,
    register,
    emails,
  };
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array;

let addresses = 0;
const nextAddress = () => `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses++ & 255}`;

/** The database itself, with a counter in front of every statement. */
function countStatements(database: DatabaseClient): { database: Database; count: () => number } {
  let statements = 0;
  const counting =
    (sql: Sql): Sql =>
    (strings, ...values) => {
      statements++;
      return sql(strings, ...values);
    };
  return {
    database: {
      sql: counting(database.sql),
      transaction: (work) => database.transaction((sql) => work(counting(sql))),
    },
    count: () => {
      const since = statements;
      statements = 0;
      return since;
    },
  };
}
