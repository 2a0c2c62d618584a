/** Prints what docs/benchmarks.md says of a database that years of use have filled, beside an empty one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openConnection } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import type { SweepTotals } from '../lib/core/retention.ts';
import { type Amounts, fill, fillDue } from './scale/fill.ts';
import { accounts, kinds, leavers, openSubject, type Subject } from './scale/subject.ts';
import { percentile } from '../scripts/structure/percentile.ts';
import { readPositiveNumber } from './positive-number.ts';

const usage = `Usage: npm run -s bench:scale [-- --scale FACTOR] [--rounds ROUNDS]

Fills a database with 1 million users, 2 million sessions, 2 million sent emails, 3 million events, 500,000 invitations and
200,000 API keys, times FACTOR, and asks it and an empty one in turn. Prints how long each was waited for, hashing left
out: p50 and p99, and their ratio.
On the server of TEST_DATABASE_URL, or one of its own; both databases go at the end.

  --scale    FACTOR; 1 unless told
  --rounds   how often each is asked, with a deleted account in each of 200 at most, and a batch of each sweep in each
             of 50 at most; 300 unless told

Exit codes: 0 every p50 is below 1.3 times that of the empty one, 1 one is not, 2 wrong usage.
`;

const bar = 1.3;
const whole: Amounts = {
  users: 1_000_000,
  sessions: 2_000_000,
  emails: 2_000_000,
  events: 3_000_000,
  invitations: 500_000,
  keys: 200_000,
};
const small: Amounts = { users: 1000, sessions: 2000, emails: 0, events: 0, invitations: 0, keys: 1000 };
const mostBatches = 50;

const tell = (line: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

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

const tables = [
  ...['refresh_tokens', 'outbox', 'magic_links', 'audit_events'],
  ...['invitations', 'join_links', 'api_keys', 'api_key_usage', 'organizations'],
];

const toBatches = (rounds: number) => Math.min(mostBatches, rounds);

/** The rows that are due come first, as in a table that grew; in the empty database they are all there is to sweep. */
async function prepare(url: string, amounts: Amounts, rounds: number): Promise<void> {
  await migrate(url, new URL('../db/migrations/', import.meta.url));
  const { sql, close } = openConnection(url);
  // One that starts by itself takes the same cores and disks, and tells the next rows of gaps to fill.
  for (const table of tables) await sql.unsafe(`alter table ${table} set (autovacuum_enabled = off)`);
  await fill(sql, small, { tell });
  await fillDue(sql, toBatches(rounds) * 1000);
  if (amounts !== small) await fill(sql, amounts, { after: small, tell });
  tell(`vacuum of ${url.replace(/.*\//, '')}`);
  await sql.unsafe('vacuum analyze');
  await close();
}

/** By name: what it took on the empty database, and on the full one. */
type Samples = Map<string, readonly [number[], number[]]>;

function note(samples: Samples, taken: Readonly<Record<string, number>>, nth: number): void {
  for (const [name, milliseconds] of Object.entries(taken)) {
    const both = samples.get(name) ?? [[], []];
    both[nth]?.push(milliseconds);
    samples.set(name, both);
  }
}

/** Both in turn, so that what else the machine does meets both. */
async function ask(subjects: readonly Subject[], rounds: number): Promise<Samples> {
  const samples: Samples = new Map();
  for (let round = -accounts; round < rounds; round++) {
    for (const [nth, subject] of subjects.entries()) {
      const taken = await subject.askAll(round + accounts);
      // The first of each account warms up.
      if (round >= 0) note(samples, taken, nth);
    }
  }
  tell('deleting accounts');
  for (let leaver = 0; leaver < Math.min(leavers, rounds); leaver++) {
    for (const [nth, subject] of subjects.entries())
      note(samples, { 'DELETE /v1/me': await subject.deleteOne(leaver) }, nth);
  }
  tell('sweeping');
  for (let round = 0; round < toBatches(rounds); round++) {
    for (const [nth, subject] of subjects.entries()) {
      const { milliseconds, totals } = await subject.sweepOnce();
      assertWhole(totals);
      for (const [kind, taken] of milliseconds.entries())
        note(samples, { [`sweep, 1,000 rows: ${kinds[kind]}`]: taken }, nth);
    }
  }
  return samples;
}

/** A batch that finds less than it may delete would be compared with one that does the work. */
function assertWhole(totals: SweepTotals): void {
  if (!isDeepStrictEqual(totals, batches)) {
    throw new Error(`swept ${JSON.stringify(totals)} and not 1000 of each`);
  }
}

/** One of each kind; some go by the same name. */
const batches: SweepTotals = {
  emails: 2000,
  sessions: 1000,
  verifications: 1000,
  invitations: 2000,
  apiKeys: 2000,
  organizations: 1000,
  auditEvents: 1000,
};

async function measure(server: string, scale: number, rounds: number): Promise<boolean> {
  const names = ['blockbot_scale_empty', 'blockbot_scale_full'] as const;
  const [emptyUrl, fullUrl] = names.map(
    (name) => Object.assign(new URL(server), { pathname: `/${name}` }).href,
  );
  if (emptyUrl === undefined || fullUrl === undefined) return false;
  const admin = openConnection(server);
  const drop = async () => {
    for (const name of names) await admin.sql.unsafe(`drop database if exists ${name} with (force)`);
  };
  try {
    await drop();
    for (const name of names) await admin.sql.unsafe(`create database ${name}`);
    await prepare(emptyUrl, small, rounds);
    await prepare(fullUrl, toAmounts(scale), rounds);
    await admin.sql.unsafe('checkpoint');
    const [{ version } = { version: '' }] = await admin.sql<
      { version: string }[]
    >`select current_setting('server_version') as version`;
    const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${type()} ${release()}`;
    process.stdout.write(`Node ${process.version}, Postgres ${version}, ${machine}, scale ${scale}\n\n`);
    const subjects = [await openSubject(emptyUrl), await openSubject(fullUrl)];
    const samples = await ask(subjects, rounds);
    for (const subject of subjects) await subject.close();
    process.stdout.write(
      '| ms in the database | p50 empty | p50 full | ratio | p99 empty | p99 full | ratio |\n',
    );
    process.stdout.write('| --- | --- | --- | --- | --- | --- | --- |\n');
    return [...samples].map(([name, [empty, full]]) => print(name, empty, full)).every(Boolean);
  } finally {
    await drop();
    await admin.close();
  }
}

const toAmounts = (scale: number): Amounts => ({
  users: Math.round(whole.users * scale),
  sessions: Math.round(whole.sessions * scale),
  emails: Math.round(whole.emails * scale),
  events: Math.round(whole.events * scale),
  invitations: Math.round(whole.invitations * scale),
  keys: Math.round(whole.keys * scale),
});

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
