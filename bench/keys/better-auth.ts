/** The peer of `bench:keys`: better-auth with its plugin for API keys, behind Hono, over pg. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundleServer } from '../bundle.ts';
import { installPeer } from '../peer-packages.ts';

// The plugin's newest release wants this one: npm puts it beside no later one.
export const peerVersion = 'better-auth and @better-auth/api-key 1.7.5, pg 8.23.1';
const packages = [
  'better-auth@1.7.5',
  '@better-auth/core@1.7.5',
  '@better-auth/api-key@1.7.5',
  'pg@8.23.1',
  'hono@4.13.19',
  '@hono/node-server@2.1.9',
];

// Limits as they are unless told, but so wide that nobody is ever over one. Without a database of its own the second way counts
// by reading and writing its storage: nothing is faster than a map of the process, which Redis is in its documentation.
const auth = `import { betterAuth } from 'better-auth';
import { apiKey } from '@better-auth/api-key';
import pg from 'pg';
const map = new Map();
const storage = {
  get: (key) => map.get(key) ?? null,
  set: (key, value) => { map.set(key, value); },
  delete: (key) => { map.delete(key); },
  getAndDelete: (key) => { const value = map.get(key) ?? null; map.delete(key); return value; },
  increment: (key) => { const value = Number(map.get(key) ?? 0) + 1; map.set(key, value); return value; },
};
const isStored = process.argv[2] === 'storage';
const auth = betterAuth({
  baseURL: 'http://127.0.0.1:1', secret: 'a secret of the bench that is long enough for all of them', telemetry: { enabled: false },
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL }), emailAndPassword: { enabled: true },
  advanced: { backgroundTasks: { handler: (task) => { void task; } } },
  plugins: [apiKey({
    rateLimit: { enabled: true, maxRequests: 1_000_000_000 },
    ...(isStored && { storage: 'secondary-storage', customStorage: storage, deferUpdates: true }),
  })],
});
`;

const endings = {
  setup: `import { getMigrations } from 'better-auth/db/migration';
await (await getMigrations(auth.options)).runMigrations();
await auth.api.signUpEmail({ body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery staple' } });
process.exit(0);`,
  server: `import { serve } from '@hono/node-server';
import { Hono } from 'hono';
const app = new Hono().get('/v1/whoami', async (c) => {
  const key = c.req.header('authorization')?.slice('Bearer '.length) ?? '';
  const { valid, key: known } = await auth.api.verifyApiKey({ body: { key } });
  return valid ? c.json({ key: known.id }) : c.json({ error: 'unauthorized' }, 401);
});
const { user } = await auth.api.signInEmail({ body: { email: 'ada@example.com', password: 'correct horse battery staple' } });
const keys = [];
for (let nth = 0; nth < Number(process.argv[3]); nth += 1)
  keys.push((await auth.api.createApiKey({ body: { userId: user.id } })).key);
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send({ port, keys }));`,
};

/**
 * Installs it once, makes its tables and one account, and bundles it.
 *
 * @returns its server: `database`, or `storage` for what keeps keys outside the database, and how many keys it makes
 */
export async function makePeer(databaseUrl: string): Promise<string> {
  const folder = installPeer('better-auth-api-key', packages);
  const file = (name: string) => join(folder, `${name}.mjs`);
  for (const [name, ending] of Object.entries(endings))
    await bundleServer({ contents: auth + ending, resolveDir: folder }, file(name));
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl };
  const setup = spawnSync(process.execPath, [file('setup')], { env, encoding: 'utf8' });
  if (setup.status !== 0) throw new Error(setup.stderr);
  return file('server');
}
