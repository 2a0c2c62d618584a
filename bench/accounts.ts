/** `npm run bench:accounts`: `GET /v1/me` and a sign-in, beside the floor of our own packages and better-auth, in one run. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../lib/core/command-line.ts';
import { createJwtKeys } from '../lib/security/jwt.ts';
import { withoutRedis } from '../test/support/redis-server.ts';
import { type Asker, createAsker } from './asker.ts';
import { bundleServer } from './bundle.ts';
import { fillCrowd, type Member, password } from './fleet/crowd.ts';
import { openSite, publicUrl, type Site } from './fleet/site.ts';
import { median } from './median.ts';
import { makePeer, peerVersion } from './platforms/better-auth.ts';
import { readPositiveNumber } from './positive-number.ts';
import { readFamilyTime, readProcessorTime } from './processor-time.ts';
import { buildRouter, makeDataDir } from './router.ts';
import { load } from './wrk.ts';

const usage = `Usage: npm run -s bench:accounts [-- --seconds SECONDS] [--rounds ROUNDS]

Builds the router and asks, in turn and over one Postgres: it (with Redis, log and limits as it is deployed, and without Redis), the floor
(Hono, jose, postgres.js and @node-rs/argon2 with nothing else), and better-auth over pg (fetched from npm once). Of each: the signed-in account
by 64 connections, and sign-ins by password, 16 at once. Prints requests a second, processor time of a request, and ratios: medians of
the rounds. Needs wrk, redis-server and Linux.

  --seconds   how long each is asked in a round, a whole number; 3 unless told
  --rounds    5 unless told

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;

const { values } = readCommandLine(usage, {
  options: { seconds: { type: 'string', default: '3' }, rounds: { type: 'string', default: '5' } },
});
const seconds = readPositiveNumber(usage, '--seconds', values.seconds, { whole: true });
const rounds = readPositiveNumber(usage, '--rounds', values.rounds, { whole: true });

/** So many that nobody is over a limit: 100 reads a minute, ten sign-ins in a quarter of an hour. */
const people = 4000;
const signInsAtOnce = 16;
let signIns = 0;
const peerAccount = { EMAIL: 'ada@example.com', PASSWORD: password };

interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly read: Pick<NonNullable<Parameters<typeof load>[1]>, 'headers' | 'tokensFile'> & {
    readonly path: string;
  };
  readonly signIn: (asker: Asker, nth: number) => Promise<number>;
  readonly stop: () => Promise<void>;
}

interface Figures {
  readonly perSecond: number;
  /** Milliseconds of the processor for each. */
  readonly serverTime: number;
  readonly postgresTime: number;
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
  const floor = await startFloor(opened, crowd);
  const ours = await startOurs('the router', opened, crowd);
  const alone = await startOurs('the router, without Redis', opened, crowd, { REDIS_URL: '' });
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

/** The tokens of all: who is known to the process by a single one would be measured with nothing to verify. */
function writeTokens(crowd: readonly Member[]): string {
  const file = join(dataDir, 'tokens');
  writeFileSync(file, crowd.map(({ accessToken }) => `${accessToken}\n`).join(''));
  return file;
}

function toMember(crowd: readonly Member[], nth: number): Member {
  const member = crowd[nth % crowd.length];
  if (!member) throw new RangeError('A crowd has one member at least');
  return member;
}

function signInAs(crowd: readonly Member[]): Contestant['signIn'] {
  return async ({ ask }, nth) => {
    const { email, address } = toMember(crowd, nth);
    return (await ask({ method: 'POST', path: '/v1/auth/login', body: { email, password } }, address)).status;
  };
}

async function startOurs(
  name: string,
  { startFleet }: Site,
  crowd: readonly Member[],
  settings?: Readonly<Record<string, string>>,
): Promise<Contestant> {
  const { pids, urls, stop } = await startFleet(1, settings);
  const [pid = Number.NaN] = pids;
  const [url = ''] = urls;
  const read = { path: '/v1/me', tokensFile: writeTokens(crowd) };
  return { name, url, pid, read, signIn: signInAs(crowd), stop };
}

async function startFloor({ databaseUrl, privateKey }: Site, crowd: readonly Member[]): Promise<Contestant> {
  // Beside our packages, one of which is native.
  const file = fileURLToPath(new URL('../dist/bench/floor.mjs', import.meta.url));
  await bundleServer(fileURLToPath(new URL('accounts/floor.ts', import.meta.url)), file);
  const keys = await createJwtKeys([privateKey], { issuer: publicUrl });
  const started = await start(file, {
    DATABASE_URL: databaseUrl,
    JWT_PRIVATE_KEY: JSON.stringify(privateKey),
    JWT_PUBLIC_KEYS: JSON.stringify(keys.publicKeySet),
  });
  const read = { path: '/v1/me', tokensFile: writeTokens(crowd) };
  return { name: 'the floor', ...started, read, signIn: signInAs(crowd) };
}

async function startPeer({ databaseUrl }: Site): Promise<Contestant> {
  const { files } = await makePeer(databaseUrl, peerAccount);
  const started = await start(files.node, { DATABASE_URL: databaseUrl, PORT: '0' });
  // It wants the origin of its own base URL.
  const headers = { 'Content-Type': 'application/json', Origin: 'http://127.0.0.1:1' };
  const body = JSON.stringify({ email: peerAccount.EMAIL, password });
  const signIn = () => fetch(`${started.url}/api/auth/sign-in/email`, { method: 'POST', headers, body });
  const session = await signIn();
  const Cookie = session.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
  return {
    name: 'better-auth',
    ...started,
    read: { path: '/api/auth/get-session', headers: { Cookie } },
    signIn: async () => {
      const response = await signIn();
      await response.arrayBuffer();
      return response.status;
    },
  };
}

async function start(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<Pick<Contestant, 'url' | 'pid' | 'stop'>> {
  const child: ChildProcess = fork(file, [], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const ended = once(child, 'exit');
  const told = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  if (!told || child.pid === undefined) throw new Error(`${file} ended before it listened`);
  const [{ port }] = told as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
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
  { postgresPid }: Pick<Site, 'postgresPid'>,
): Promise<AllFigures> {
  // Until each token has been seen once, and the code is compiled.
  for (const contestant of contestants) await act(contestant, 4);
  const figures = new Map<Contestant, Figures[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const before = [readProcessorTime(contestant.pid), readFamilyTime(postgresPid)] as const;
      const { count, perSecond } = await act(contestant, seconds);
      const serverTime = (readProcessorTime(contestant.pid) - before[0]) / count / 1000;
      const postgresTime = (readFamilyTime(postgresPid) - before[1]) / count / 1000;
      figures.get(contestant)?.push({ perSecond, serverTime, postgresTime });
      process.stderr.write(`round ${round}, ${contestant.name}: ${perSecond.toFixed(1)}/s\n`);
    }
  }
  return figures;
}

function tell(title: string, contestants: readonly Contestant[], figures: AllFigures): void {
  console.log(`\n${title}; ${peerVersion}; medians of ${rounds} rounds of ${seconds} s\n`);
  console.log('| what | requests/s | processor, server | processor, Postgres |');
  console.log('| --- | --- | --- | --- |');
  for (const contestant of contestants) {
    const rows = figures.get(contestant) ?? [];
    const middle = (figure: keyof Figures) => median(rows.map((row) => row[figure]));
    const cells = [contestant.name, middle('perSecond').toFixed(1)];
    for (const figure of ['serverTime', 'postgresTime'] as const)
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
