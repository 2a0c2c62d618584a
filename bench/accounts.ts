/** `npm run bench:accounts`: `GET /v1/me` and a sign-in, beside the floor of our own packages and better-auth, in one run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutRedis } from '../test/support/redis-server.ts';
import { type Contestant, startFloor, startOurs, startPeer } from './accounts/contestant.ts';
import { createAsker } from './asker.ts';
import { fillCrowd } from './fleet/crowd.ts';
import { openSite, type Site } from './fleet/site.ts';
import { median } from './median.ts';
import { peerVersion } from './platforms/better-auth.ts';
import { readFamilyTime, readProcessorTime } from './processor-time.ts';
import { buildRouter, makeDataDir } from './router.ts';
import { readRounds } from './rounds.ts';
import { load } from './wrk.ts';

const usage = `Usage: npm run -s bench:accounts [-- --seconds SECONDS] [--rounds ROUNDS]

Builds the router and asks, in turn and over one Postgres: it (with Redis, log and limits as it is deployed, and without Redis), the floor
(Hono, jose, postgres.js and @node-rs/argon2 with nothing else), and better-auth over pg (fetched from npm once). Of each: the signed-in account
by 64 connections, and sign-ins by password, 16 at once. Prints requests a second, processor time of a request, and ratios: medians of
the rounds. The floor verifies each token each time; the router remembers those of all who ask. better-auth hashes by scrypt, the
others by Argon2id. Needs wrk, redis-server and Linux.

  --seconds   how long each is asked in a round, a whole number; 3 unless told
  --rounds    5 unless told

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;

const { seconds, rounds } = readRounds(usage);

/** So many that nobody is over a limit: 100 reads a minute, ten sign-ins in a quarter of an hour. */
const people = 4000;
const signInsAtOnce = 16;
let signIns = 0;

interface Figures {
  readonly perSecond: number;
  /** Milliseconds of the processor for each. */
  readonly serverTime: number;
  readonly postgresTime: number;
  readonly redisTime: number;
}

if (withoutRedis !== false) {
  process.stderr.write(`${withoutRedis}: apt-get install redis-server\n`);
  process.exit(1);
}
buildRouter();
const { dataDir, remove } = makeDataDir();
const site = await openSite();
try {
  await main(site);
} finally {
  await site.stop();
  remove();
}

async function main(opened: Site): Promise<void> {
  process.stderr.write(`writing ${people} accounts\n`);
  const crowd = await fillCrowd(opened, people);
  const askers = { crowd, tokensFile: join(dataDir, 'tokens') };
  writeFileSync(askers.tokensFile, crowd.map(({ accessToken }) => `${accessToken}\n`).join(''));
  const floor = await startFloor(opened, askers);
  const ours = await startOurs('the router', opened, askers);
  const alone = await startOurs('the router, without Redis', opened, askers, { REDIS_URL: '' });
  const peer = await startPeer(opened);
  const contestants = [floor, ours, alone, peer];
  try {
    for (const [title, act] of [
      ['the signed-in account', readAccounts],
      [`a sign-in by password, ${signInsAtOnce} at once`, signInAll],
    ] as const) {
      const figures = await measureAll(contestants, act, opened);
      tell(title, contestants, figures);
      for (const own of [ours, alone]) for (const other of [floor, peer]) tellRatios(own, other, figures);
    }
  } finally {
    for (const { stop } of contestants) await stop();
  }
}

/** Requests that were answered as they should be. */
interface Done {
  readonly count: number;
  readonly perSecond: number;
}

type Act = typeof readAccounts;

async function readAccounts(
  { url, read: { path, ...options } }: Contestant,
  forSeconds: number,
): Promise<Done> {
  const { requests, requestsPerSecond, refused } = await load(`${url}${path}`, {
    ...options,
    seconds: forSeconds,
  });
  if (refused > 0) throw new Error('some requests were refused: the figures are worth nothing');
  return { count: requests, perSecond: requestsPerSecond };
}

async function signInAll({ name, url, signIn }: Contestant, forSeconds: number): Promise<Done> {
  const asker = createAsker(url, { maxSockets: signInsAtOnce });
  const startedAt = performance.now();
  let count = 0;
  const act = async () => {
    while (performance.now() - startedAt < forSeconds * 1000) {
      const status = await signIn(asker, (signIns += 1));
      if (status !== 200) throw new Error(`${name} answered a sign-in with ${status}`);
      count += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: signInsAtOnce }, act));
  } finally {
    asker.close();
  }
  return { count, perSecond: (count / (performance.now() - startedAt)) * 1000 };
}

type AllFigures = ReadonlyMap<Contestant, readonly Figures[]>;

async function measureAll(
  contestants: readonly Contestant[],
  act: Act,
  { postgresPid, redis }: Pick<Site, 'postgresPid' | 'redis'>,
): Promise<AllFigures> {
  // Until each token has been seen once, and the code is compiled.
  for (const contestant of contestants) await act(contestant, 4);
  const figures = new Map<Contestant, Figures[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const read = () =>
        [
          readProcessorTime(contestant.pid),
          readFamilyTime(postgresPid),
          readProcessorTime(redis.pid),
        ] as const;
      const before = read();
      const { count, perSecond } = await act(contestant, seconds);
      const [serverTime = 0, postgresTime = 0, redisTime = 0] = read().map(
        (time, nth) => (time - (before[nth] ?? 0)) / count / 1000,
      );
      figures.get(contestant)?.push({ perSecond, serverTime, postgresTime, redisTime });
      process.stderr.write(`round ${round}, ${contestant.name}: ${perSecond.toFixed(1)}/s\n`);
    }
  }
  return figures;
}

function tell(title: string, contestants: readonly Contestant[], figures: AllFigures): void {
  console.log(`\n${title}; ${peerVersion}; medians of ${rounds} rounds of ${seconds} s\n`);
  console.log('| what | requests/s | processor, server | Postgres | Redis |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const contestant of contestants) {
    const rows = figures.get(contestant) ?? [];
    const middle = (figure: keyof Figures) => median(rows.map((row) => row[figure]));
    const cells = [contestant.name, middle('perSecond').toFixed(1)];
    for (const figure of ['serverTime', 'postgresTime', 'redisTime'] as const)
      cells.push(`${middle(figure).toFixed(3)} ms`);
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log('');
}

/** Of each round, and then their median: rounds of a machine that does other work are not alike. */
function tellRatios(own: Contestant, other: Contestant, figures: AllFigures): void {
  const ratio = (toRatio: (ours: Figures, theirs: Figures) => number) =>
    median(
      (figures.get(own) ?? []).flatMap((ours, nth) => {
        const theirs = figures.get(other)?.[nth];
        return theirs ? [toRatio(ours, theirs)] : [];
      }),
    ).toFixed(2);
  const perSecond = ratio((ours, theirs) => ours.perSecond / theirs.perSecond);
  const time = ratio((ours, theirs) => theirs.serverTime / ours.serverTime);
  console.log(
    `${own.name} / ${other.name}: ${perSecond} by requests a second, ${time} by the server's processor time`,
  );
}
