/** Who is asked by `bench:accounts`: the router, the floor, and better-auth, over one Postgres. */
import { fileURLToPath } from 'node:url';
import { createJwtKeys } from '../../lib/security/jwt.ts';
import type { Asker } from '../asker.ts';
import { bundleServer } from '../bundle.ts';
import { type Member, password } from '../fleet/crowd.ts';
import { publicUrl, type Site } from '../fleet/site.ts';
import { forkServer } from '../forked-server.ts';
import { makePeer } from '../platforms/better-auth.ts';
import type { load } from '../wrk.ts';

export interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly read: Pick<NonNullable<Parameters<typeof load>[1]>, 'headers' | 'tokensFile'> & {
    readonly path: string;
  };
  readonly signIn: (asker: Asker, nth: number) => Promise<number>;
  readonly stop: () => Promise<void>;
}

const peerAccount = { EMAIL: 'ada@example.com', PASSWORD: password };

/** Who asks, and a file with the tokens of all. */
export interface Askers {
  readonly crowd: readonly Member[];
  readonly tokensFile: string;
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

export async function startOurs(
  name: string,
  { startFleet }: Site,
  { crowd, tokensFile }: Askers,
  settings?: Readonly<Record<string, string>>,
): Promise<Contestant> {
  const { pids, urls, stop } = await startFleet(1, settings);
  const [pid = Number.NaN] = pids;
  const [url = ''] = urls;
  const read = { path: '/v1/me', tokensFile };
  return { name, url, pid, read, signIn: signInAs(crowd), stop };
}

export async function startFloor(
  { databaseUrl, privateKey }: Site,
  { crowd, tokensFile }: Askers,
): Promise<Contestant> {
  // Beside our packages, one of which is native.
  const file = fileURLToPath(new URL('../../dist/bench/floor.mjs', import.meta.url));
  await bundleServer(fileURLToPath(new URL('floor.ts', import.meta.url)), file);
  const keys = await createJwtKeys([privateKey], { issuer: publicUrl });
  const started = await start(file, {
    DATABASE_URL: databaseUrl,
    JWT_PRIVATE_KEY: JSON.stringify(privateKey),
    JWT_PUBLIC_KEYS: JSON.stringify(keys.publicKeySet),
  });
  const read = { path: '/v1/me', tokensFile };
  return { name: 'the floor', ...started, read, signIn: signInAs(crowd) };
}

export async function startPeer({ databaseUrl }: Site): Promise<Contestant> {
  const { files } = await makePeer(databaseUrl, peerAccount);
  const started = await start(files.node, { DATABASE_URL: databaseUrl, PORT: '0' });
  // It wants the origin of its own base URL.
  const headers = { 'Content-Type': 'application/json', Origin: 'http://127.0.0.1:1' };
  const body = JSON.stringify({ email: peerAccount.EMAIL, password });
  const signIn = () => fetch(`${started.url}/api/auth/sign-in/email`, { method: 'POST', headers, body });
  const session = await signIn();
  if (!session.ok) throw new Error(`better-auth answered a sign-in with ${session.status}`);
  const Cookie = session.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
  const read = { path: '/api/auth/get-session', headers: { Cookie } };
  // Nobody's session is answered by 200, too.
  const known = (await (
    await fetch(`${started.url}${read.path}`, { headers: read.headers })
  ).json()) as unknown;
  if (known === null) throw new Error('better-auth does not know its own session');
  return {
    name: 'better-auth',
    ...started,
    read,
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
  const { pid, told, stop } = await forkServer<{ port: number }>(file, [], env);
  return { url: `http://127.0.0.1:${told.port}`, pid, stop };
}
