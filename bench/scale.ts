/** Prints what docs/benchmarks.md says of a database that years of use have filled, beside an empty one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { createDatabaseClient } from '../db/client.ts';
import { openConnection } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { createRouter } from '../hosts/core/router.ts';
import { loadFunctions } from '../hosts/node/functions.ts';
import { startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import { createHealth } from '../lib/core/health.ts';
import { createLog } from '../lib/core/log.ts';
import { sweep, type SweepTotals } from '../lib/core/retention.ts';
import type { Services } from '../lib/http/services.ts';
import { createMemoryStore } from '../lib/rate-limit/memory-store.ts';
import { createJwtKeys, createPrivateKey } from '../lib/security/jwt.ts';
import { type Amounts, fill, fillDue } from './scale/fill.ts';
import { percentile } from '../scripts/structure/percentile.ts';
import { readPositiveNumber } from './positive-number.ts';
import { timeDatabase } from './scale/timed-database.ts';
import { bareSettings } from '../test/support/settings.ts';

const usage = `Usage: npm run -s bench:scale [-- --scale FACTOR] [--rounds ROUNDS]

Fills a database with 1 million users, 2 million sessions, 2 million sent emails and 3 million events, times FACTOR, and
asks it and an empty one in turn. Prints how long each was waited for, hashing left out: p50 and p99, and their ratio.
On the server of TEST_DATABASE_URL, or one of its own; both databases go at the end.

  --scale    FACTOR; 1 unless told
  --rounds   how often each is asked; 300 unless told

Exit codes: 0 every p50 is below 1.3 times that of the empty one, 1 one is not, 2 wrong usage.
`;

const bar = 1.3;
const whole: Amounts = { users: 1_000_000, sessions: 2_000_000, emails: 2_000_000, events: 3_000_000 };
const small: Amounts = { users: 1000, sessions: 2000, emails: 0, events: 0 };
const accounts = 200;
const dueBatches = 20;
const retention = { sentEmailsDays: 7, auditEventsDays: 400 };
const kinds = ['sent emails', 'dead emails', 'dead sessions', 'old verifications', 'audit trail'] as const;

const tell = (line: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

/** Sign-in, refresh and the two reads of one account after the other, on one database. */
async function openSubject(url: string) {
  const client = createDatabaseClient({ url, max: 2, deadlineMs: 10_000 });
  const database = timeDatabase(client);
  const publicUrl = 'https://api.example.com';
  const services: Services = {
    settings: { ...bareSettings, requireEmailVerification: true },
    log: createLog({ write: (line) => process.stderr.write(`${line}\n`), level: 'error' }),
    database,
    tokenSecret: 'a secret of this benchmark, long enough',
    keys: await createJwtKeys([await createPrivateKey('ES256')], { issuer: publicUrl }),
    rateLimits: createMemoryStore(),
    passwords: {
      hash: () => Promise.resolve('the same for all'),
      verify: () => Promise.resolve(true),
      isOutdated: () => false,
      isCommon: () => false,
      isBreached: () => Promise.resolve(false),
      stats: () => ({ running: 0, waiting: 0 }),
    },
    health: createHealth([]),
    outbox: { wake: () => undefined, deliver: () => Promise.resolve({ sent: 0, failed: 0, dead: 0 }) },
    peerAddress: '192.0.2.1',
  };
  const router = createRouter((await loadFunctions(new URL('../functions/', import.meta.url))).values());
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
    const answer = (await response.json()) as Record<string, unknown>;
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return { answer, milliseconds };
  }

  return {
    askAll: async (round: number) => {
      const email = `person-${1 + (round % accounts)}@example.com`;
      const signIn = await ask('POST', '/v1/auth/login', {
        body: { email, password: 'correct horse battery staple' },
      });
      const refresh = await ask('POST', '/v1/auth/refresh', {
        body: { refresh_token: signIn.answer['refresh_token'] },
      });
      const token = String(refresh.answer['access_token']);
      const me = await ask('GET', '/v1/me', { token });
      const sessions = await ask('GET', '/v1/sessions', { token });
      return {
        'sign-in': signIn.milliseconds,
        refresh: refresh.milliseconds,
        'GET /v1/me': me.milliseconds,
        'GET /v1/sessions': sessions.milliseconds,
      };
    },
    /** How long each batch took, by kind, until nothing is left. */
    sweepAll: async () => {
      const samples = kinds.map((): number[] => []);
      let nth = 0;
      database.takeMs();
      const totals: SweepTotals = await sweep(database.sql, retention, () => {
        // Asked before each batch, so that it tells of the one before.
        if (nth > 0) samples[(nth - 1) % kinds.length]?.push(database.takeMs());
        nth++;
        return true;
      });
      samples[(nth - 1) % kinds.length]?.push(database.takeMs());
      return { samples, totals };
    },
    close: client.close,
  };
}

/** @returns whether the p50 keeps the bar */
function print(name: string, empty: readonly number[], full: readonly number[]): boolean {
  const [p50, p99] = [50, 99].map(
    (percent) => [percentile(empty, percent), percentile(full, percent)] as const,
  );
  if (!p50 || !p99) return false;
  const cells = [p50, p99].map(([a, b]) => `${a.toFixed(2)} | ${b.toFixed(2)} | ${(b / a).toFixed(2)}`);
  process.stdout.write(`| ${name} | ${cells.join(' | ')} |\n`);
  return p50[1] / p50[0] < bar;
}

async function measure(server: string, scale: number, rounds: number): Promise<boolean> {
  const names = ['blockbot_scale_empty', 'blockbot_scale_full'] as const;
  const toUrl = (name: string) => Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const admin = openConnection(server);
  const full: Amounts = {
    users: Math.round(whole.users * scale),
    sessions: Math.round(whole.sessions * scale),
    emails: Math.round(whole.emails * scale),
    events: Math.round(whole.events * scale),
  };
  try {
    for (const name of names) {
      await admin.sql.unsafe(`drop database if exists ${name} with (force)`);
      await admin.sql.unsafe(`create database ${name}`);
      await migrate(toUrl(name), new URL('../db/migrations/', import.meta.url));
      const { sql, close } = openConnection(toUrl(name));
      await fill(sql, name === names[0] ? small : full, tell);
      await fillDue(sql, dueBatches * 1000);
      tell(`vacuum of ${name}`);
      await sql.unsafe('vacuum analyze');
      // One that starts by itself takes the same cores and disks.
      for (const table of ['refresh_tokens', 'outbox', 'magic_links', 'audit_events'])
        await sql.unsafe(`alter table ${table} set (autovacuum_enabled = off)`);
      await close();
    }
    await admin.sql.unsafe('checkpoint');
    const [{ version } = { version: '' }] = await admin.sql<
      { version: string }[]
    >`select current_setting('server_version') as version`;
    const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${type()} ${release()}`;
    process.stdout.write(`Node ${process.version}, Postgres ${version}, ${machine}, scale ${scale}\n\n`);
    const subjects = [await openSubject(toUrl(names[0])), await openSubject(toUrl(names[1]))] as const;
    const samples = new Map<string, [number[], number[]]>();
    for (let round = -accounts; round < rounds; round++) {
      for (const [nth, subject] of subjects.entries()) {
        const taken = await subject.askAll(round + accounts);
        // The first of each account warms up.
        if (round < 0) continue;
        for (const [name, milliseconds] of Object.entries(taken)) {
          const both = samples.get(name) ?? [[], []];
          both[nth]?.push(milliseconds);
          samples.set(name, both);
        }
      }
    }
    tell('sweeping');
    const sweeps = [await subjects[0].sweepAll(), await subjects[1].sweepAll()] as const;
    for (const { totals } of sweeps) tell(`swept ${JSON.stringify(totals)}`);
    for (const subject of subjects) await subject.close();
    process.stdout.write(
      '| ms in the database | p50 empty | p50 full | ratio | p99 empty | p99 full | ratio |\n',
    );
    process.stdout.write('| --- | --- | --- | --- | --- | --- | --- |\n');
    const verdicts = [...samples].map(([name, [empty, filled]]) => print(name, empty, filled));
    for (const [nth, kind] of kinds.entries()) {
      const [empty, filled] = sweeps.map((swept) => swept.samples[nth] ?? []);
      verdicts.push(print(`sweep, 1,000 rows: ${kind}`, empty ?? [], filled ?? []));
    }
    return verdicts.every(Boolean);
  } finally {
    for (const name of names) await admin.sql.unsafe(`drop database if exists ${name} with (force)`);
    await admin.close();
  }
}

async function main(): Promise<number> {
  const { values } = readCommandLine(usage, {
    options: { scale: { type: 'string', default: '1' }, rounds: { type: 'string', default: '300' } },
  });
  const scale = readPositiveNumber(usage, '--scale', values.scale);
  const rounds = readPositiveNumber(usage, '--rounds', values.rounds, { whole: true });
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined) return (await measure(given, scale, rounds)) ? 0 : 1;
  const dataDir = mkdtempSync(join(tmpdir(), 'blockbot-scale-'));
  const server = await startEmbeddedPostgres({ dataDir });
  try {
    return (await measure(server.url, scale, rounds)) ? 0 : 1;
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true });
  }
}

process.exitCode = await main();
