/** A router over one database, which tells how long each request and each batch of the sweep waited for it. */
import { createDatabaseClient } from '../../db/client.ts';
import { createRouter } from '../../hosts/core/router.ts';
import { loadFunctions } from '../../hosts/node/functions.ts';
import { createHealth } from '../../lib/core/health.ts';
import { createLog } from '../../lib/core/log.ts';
import { sweep } from '../../lib/core/retention.ts';
import type { Services } from '../../lib/http/services.ts';
import { createMemoryIdempotency } from '../../lib/idempotency/memory-store.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import { createJwtKeys, createPrivateKey } from '../../lib/security/jwt.ts';
import { bareSettings } from '../../test/support/settings.ts';
import { timeDatabase } from './timed-database.ts';
import { createApiKeys } from '../../lib/http/api-keys.ts';
import { createKeyring } from '../../lib/core/keyring.ts';

/** Who sign in, one after the other. */
export const accounts = 200;
/** Who sign in and delete their accounts. */
export const leavers = 200;
/** What is swept, in the order of `sweep`. */
export const kinds = [
  'sent emails',
  'dead emails',
  'dead sessions',
  'old verifications',
  'ended invitations',
  'ended links to join',
  'ended API keys',
  'old days of use',
  'deleted organizations',
  'audit trail',
] as const;

const password = 'correct horse battery staple';
const retention = { sentEmailsDays: 7, auditEventsDays: 400 };

export type Subject = Awaited<ReturnType<typeof openSubject>>;

/** Sign-in, refresh and the two reads of one account after the other, on one database. */
export async function openSubject(url: string) {
  const client = createDatabaseClient({ url, max: 2, deadlineMs: 10_000 });
  const database = timeDatabase(client);
  const publicUrl = 'https://api.example.com';
  const services: Services = {
    settings: { ...bareSettings, requireEmailVerification: true },
    log: createLog({ write: (line) => process.stderr.write(`${line}\n`), level: 'error' }),
    database,
    keyring: createKeyring(['a secret of this benchmark that is long enough']),
    keys: await createJwtKeys([await createPrivateKey('ES256')], { issuer: publicUrl }),
    rateLimits: createMemoryStore(),
    idempotency: createMemoryIdempotency(),
    passwords: {
      hash: () => Promise.resolve('the same for all'),
      verify: () => Promise.resolve(true),
      isOutdated: () => false,
      isCommon: () => Promise.resolve(false),
      isBreached: () => Promise.resolve(false),
      stats: () => ({ running: 0, waiting: 0 }),
    },
    health: createHealth([]),
    outbox: { wake: () => undefined, deliver: () => Promise.resolve({ sent: 0, failed: 0, dead: 0 }) },
    peerAddress: '192.0.2.1',
    apiKeys: createApiKeys(),
  };
  const router = createRouter((await loadFunctions(new URL('../../functions/', import.meta.url))).values());
  let requests = 0;

  async function ask(method: string, path: string, { body, token }: { body?: unknown; token?: string }) {
    const peerAddress = `10.${(++requests >> 16) & 255}.${(requests >> 8) & 255}.${requests & 255}`;
    database.takeMs();
    const headers = {
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0)',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await router.request(path, init, { ...services, peerAddress });
    const milliseconds = database.takeMs();
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return { answer: JSON.parse(text || '{}') as Record<string, unknown>, milliseconds };
  }

  function signIn(nth: number) {
    return ask('POST', '/v1/auth/login', { body: { email: `person-${nth}@example.com`, password } });
  }

  return {
    askAll: async (round: number) => {
      const started = await signIn(1 + (round % accounts));
      const refresh = await ask('POST', '/v1/auth/refresh', {
        body: { refresh_token: started.answer['refresh_token'] },
      });
      const token = String(refresh.answer['access_token']);
      const me = await ask('GET', '/v1/me', { token });
      const sessions = await ask('GET', '/v1/sessions', { token });
      return {
        'sign-in': started.milliseconds,
        refresh: refresh.milliseconds,
        'GET /v1/me': me.milliseconds,
        'GET /v1/sessions': sessions.milliseconds,
      };
    },
    /** Of those who come after them, none of whom has been asked for. */
    deleteOne: async (nth: number) => {
      const { answer } = await signIn(1 + accounts + nth);
      const token = String(answer['access_token']);
      return (await ask('DELETE', '/v1/me', { body: { password }, token })).milliseconds;
    },
    /** How long a batch of each kind took. */
    sweepOnce: async () => {
      const milliseconds: number[] = [];
      database.takeMs();
      const totals = await sweep(database.sql, retention, () => {
        // Asked before each batch, so that it tells of the one before.
        milliseconds.push(database.takeMs());
        return milliseconds.length <= kinds.length;
      });
      return { milliseconds: milliseconds.slice(1), totals };
    },
    close: client.close,
  };
}
