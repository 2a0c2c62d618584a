/** `npm run bench:keys`: an API key checked by the guard, beside better-auth's plugin and a bare Hono answer, in one run. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../db/migrate.ts';
import { startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';
import { bundleServer } from './bundle.ts';
import { makePeer, peerVersion } from './keys/better-auth.ts';
import { type Contestant, fewKeys, type RunningContestant, start, writeKeys } from './keys/contestant.ts';
import { countStatements } from './keys/statements.ts';
import { median } from './median.ts';
import { readFamilyTime, readProcessorTime } from './processor-time.ts';
import { readRounds } from './rounds.ts';
import { load } from './wrk.ts';

const usage = `Usage: npm run bench:keys [-- --seconds SECONDS] [--rounds ROUNDS]

Asks, in turn and over one Postgres, a bare Hono answer, ours that takes API keys (known to the process, and looked up for each
request), and better-auth with its plugin for API keys (fetched from npm once), keys in the database and keys in a map. Prints
requests a second, processor time per request, SQL statements per check, and ratios: medians of the rounds. Needs wrk and Linux.

  --seconds   how long each is asked in a round, a whole number; 3 unless told
  --rounds    5 unless told

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;

const { seconds, rounds } = readRounds(usage);

/** More than a process knows at once (10,000), so that each is forgotten before it comes again. */
const manyKeys = 25_000;

interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Microseconds of the processor for each request. */
  readonly serverTime: number;
  readonly postgresTime: number;
}

const dataDir = mkdtempSync(join(tmpdir(), 'blockbot-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir });
try {
  await main(postgres.url);
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function main(url: string): Promise<void> {
  await migrate(url, new URL('../db/migrations/', import.meta.url));
  const peer = await makePeer(url);
  const server = join(dataDir, 'server.mjs');
  await bundleServer(fileURLToPath(new URL('keys/server.ts', import.meta.url)), server);
  const bare: Contestant = { name: 'bare Hono', file: server, args: ['bare'] };
  const known: Contestant = { name: 'ours, known', file: server, args: ['ours', `${fewKeys}`] };
  const lookedUp: Contestant = { name: 'ours, looked up', file: server, args: ['ours', `${manyKeys}`] };
  const plugin: Contestant = { name: 'the plugin', file: peer, args: ['database', `${fewKeys}`] };
  const mapped: Contestant = { name: 'the plugin, in a map', file: peer, args: ['storage', `${fewKeys}`] };
  const contestants = [bare, known, lookedUp, plugin, mapped];
  const statements = await countStatements(contestants, { url, dataDir });
  const figures = await measureAll(contestants, url);

  console.log(`\n${peerVersion}; medians of ${rounds} rounds of ${seconds} s, 64 connections\n`);
  console.log('| what | requests/s | p50 | p99 | processor, server | processor, Postgres | SQL statements |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const contestant of contestants)
    console.log(toRow(contestant.name, figures.get(contestant) ?? [], statements.get(contestant)));
  console.log('');
  tellRatios(figures, known, [
    [plugin, ' (aim 20)'],
    [mapped, ''],
    [bare, ' (aim 0.50)'],
  ]);
  tellRatios(figures, lookedUp, [
    [plugin, ''],
    [mapped, ''],
    [bare, ''],
  ]);
}

type AllFigures = ReadonlyMap<Contestant, readonly Figures[]>;

async function measureAll(contestants: readonly Contestant[], url: string): Promise<AllFigures> {
  const running: { contestant: Contestant; server: RunningContestant; tokensFile: string }[] = [];
  for (const [nth, contestant] of contestants.entries()) {
    const server = await start(contestant, url);
    const tokensFile = join(dataDir, `keys-${nth}`);
    writeKeys(tokensFile, server);
    await load(server.url, { seconds: 2, tokensFile });
    running.push({ contestant, server, tokensFile });
  }
  const figures = new Map<Contestant, Figures[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const { contestant, server, tokensFile } of running) {
      const measured = await measure(server, tokensFile);
      figures.get(contestant)?.push(measured);
      console.log(
        `round ${round}, ${contestant.name}: ${measured.perSecond.toFixed(0)}/s, ${measured.serverTime.toFixed(1)} µs`,
      );
    }
  }
  for (const { server } of running) await server.stop();
  return figures;
}

async function measure({ pid, url }: RunningContestant, tokensFile: string): Promise<Figures> {
  const postmaster = Number.parseInt(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10);
  const before = { server: readProcessorTime(pid), postgres: readFamilyTime(postmaster) };
  const { requests, requestsPerSecond, p50Ms, p99Ms, refused } = await load(url, { seconds, tokensFile });
  if (refused > 0) throw new Error('some requests were refused: the figures are worth nothing');
  return {
    perSecond: requestsPerSecond,
    p50Ms,
    p99Ms,
    serverTime: (readProcessorTime(pid) - before.server) / requests,
    postgresTime: (readFamilyTime(postmaster) - before.postgres) / requests,
  };
}

function toRow(name: string, rows: readonly Figures[], statements = Number.NaN): string {
  const middle = (figure: keyof Figures) => median(rows.map((row) => row[figure]));
  const cells = [
    name,
    middle('perSecond').toFixed(0),
    `${middle('p50Ms').toFixed(1)} ms`,
    `${middle('p99Ms').toFixed(1)} ms`,
    `${middle('serverTime').toFixed(1)} µs`,
    `${middle('postgresTime').toFixed(1)} µs`,
    statements.toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Of each round, and then their median: rounds of a machine that does other work are not alike. */
function tellRatios(
  figures: AllFigures,
  own: Contestant,
  others: readonly (readonly [Contestant, string])[],
): void {
  for (const [other, aim] of others) {
    const pairs = (figures.get(own) ?? []).map((ours, nth) => ({ ours, theirs: figures.get(other)?.[nth] }));
    const perSecond = median(
      pairs.map(({ ours, theirs }) => ours.perSecond / (theirs?.perSecond ?? Number.NaN)),
    );
    const time = median(
      pairs.map(({ ours, theirs }) => (theirs?.serverTime ?? Number.NaN) / ours.serverTime),
    );
    console.log(
      `${own.name} / ${other.name}: ${perSecond.toFixed(2)} by requests a second${aim}, ${time.toFixed(2)} by the server's processor time`,
    );
  }
}
