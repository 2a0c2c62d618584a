/** The peer of `bench:platforms` and `bench:accounts`: better-auth over pg, bundled as ours is, for signing in by mail address and password. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleServer } from '../bundle.ts';
import { installPeer } from '../peer-packages.ts';

export const peerVersion = 'better-auth 1.7.25, pg 8.23.1';
const packages = ['better-auth@1.7.25', 'pg@8.23.1', '@hono/node-server@2.1.9'];

const auth = `import { betterAuth } from 'better-auth';
import pg from 'pg';
const auth = betterAuth({
  baseURL: 'http://127.0.0.1:1', secret: 'a secret of the bench that is long enough for all of them', telemetry: { enabled: false },
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL }), emailAndPassword: { enabled: true },
});
`;

// What one writes to serve it: Node needs a server, the others take the default export.
const endings = {
  node: `import { serve } from '@hono/node-server';
serve({ fetch: auth.handler, hostname: '127.0.0.1', port: Number(process.env.PORT) }, ({ port }) => process.send?.({ port }));`,
  deno: 'export default { fetch: (request) => auth.handler(request) };',
  bun: 'export default { hostname: "127.0.0.1", port: process.env.PORT, fetch: (request) => auth.handler(request) };',
  setup: `import { getMigrations } from 'better-auth/db/migration';
await (await getMigrations(auth.options)).runMigrations();
await auth.api.signUpEmail({ body: { name: 'Ada', email: process.env.EMAIL, password: process.env.PASSWORD } });
process.exit(0);`,
};

export interface Peer {
  readonly files: Readonly<Record<'node' | 'deno' | 'bun', string>>;
  readonly bytes: number;
}

/** Installs it once, makes its tables and one account, and bundles it. */
export async function makePeer(
  databaseUrl: string,
  account: Readonly<Record<string, string>>,
): Promise<Peer> {
  const folder = installPeer('better-auth', packages);
  const file = (name: string) => join(folder, `${name}.mjs`);
  for (const [name, ending] of Object.entries(endings))
    await bundleServer({ contents: auth + ending, resolveDir: folder }, file(name));
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, ...account };
  const setup = spawnSync(process.execPath, [file('setup')], { env, encoding: 'utf8' });
  if (setup.status !== 0) throw new Error(setup.stderr);
  return {
    files: { node: file('node'), deno: file('deno'), bun: file('bun') },
    bytes: statSync(file('bun')).size,
  };
}
