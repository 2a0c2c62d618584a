/** A Blockbot that listens, whose keys can be rotated under it, for services that verify its tokens. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after } from 'node:test';
import { getRequestListener } from '@hono/node-server';
import type { JWK } from 'jose';
import { createRouter } from '../../hosts/core/router.ts';
import { createJwtKeys, createPrivateKey } from '../../lib/security/jwt.ts';
import { functions, type Registered, startBlockbot } from '../support/blockbot.ts';
import { bareSettings } from '../support/settings.ts';
import { originOf } from '../support/program.ts';

/** What tokens are meant for besides Blockbot itself. */
export const audience = 'https://billing.example.com';

/** Whose pages may call from a browser. */
export const appOrigin = 'https://app.example.com';

export interface Issuer {
  readonly url: string;
  /** Refuses connections from now on. */
  readonly stop: () => void;
  /** The private JWK set in use; the first key signs. */
  readonly privateKeys: () => readonly JWK[];
  /** As `npm run keys -- rotate` does: what was published signs, what signed verifies, and a new key is published. */
  readonly rotate: () => Promise<void>;
  readonly register: () => Promise<Registered>;
  /** The access token of the next pair. */
  readonly refresh: (refreshToken: string) => Promise<Pick<Registered, 'access_token' | 'refresh_token'>>;
}

export async function startIssuer(): Promise<Issuer> {
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const listener = getRequestListener((request) => answer(request));
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => closeAtOnce(server));
  const url = originOf(server);

  let privateKeys: readonly JWK[] = [await createPrivateKey('ES256'), await createPrivateKey('ES256')];
  const toKeys = () => createJwtKeys(privateKeys, { issuer: url, audience: [audience] });
  let keys = await toKeys();
  const settings = {
    ...bareSettings,
    publicUrl: url,
    corsOrigins: new Set([appOrigin]),
    gateAudiences: new Set(['billing', 'reports']),
  };
  const bot = await startBlockbot({ settings });
  const router = createRouter(functions.values());
  answer = (request) => router.fetch(request, { ...bot.services, keys, peerAddress: '192.0.2.7' });

  async function post<Body>(path: string, body: object): Promise<Body> {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }

  let registered = 0;
  return {
    url,
    stop: () => {
      closeAtOnce(server);
    },
    privateKeys: () => privateKeys,
    rotate: async () => {
      const [signing, next] = privateKeys;
      const fresh = await createPrivateKey('ES256');
      privateKeys = [next ?? fresh, fresh, ...(signing ? [signing] : [])];
      keys = await toKeys();
    },
    register: () => {
      const email = `person-${++registered}@example.com`;
      return post('/v1/auth/register', { email, password: 'correct horse battery staple' });
    },
    refresh: (refreshToken) => post('/v1/auth/refresh', { refresh_token: refreshToken }),
  };
}

export function closeAtOnce(server: Server): void {
  server.close();
  server.closeAllConnections();
}
