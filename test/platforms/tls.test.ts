/** A Postgres that is reached by TLS only, as every managed one is, from each runtime that opens sockets itself. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { makeCertificate } from '../support/certificate.ts';
import { createTestDatabase } from '../support/database.ts';
import { startTlsRelay } from '../support/tls-relay.ts';
import { makeBundles } from './bundles.ts';
import { withoutRuntime } from './executables.ts';
import { startArtefact } from './runtime.ts';

const database = await createTestDatabase();
after(database.drop);
const certificate = await makeCertificate('localhost');
const relay = await startTlsRelay(database.url, certificate);
const env = {
  NODE_ENV: 'development',
  LOG_LEVEL: 'warn',
  PUBLIC_URL: 'https://api.example.com',
  TOKEN_SECRET: 'a secret of this test that is long enough for all',
  JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
};
const targets = ['cloudflare', 'deno', 'bun', 'node'] as const;
const bundled = targets.flatMap((name) => ['--target', name]);
const out = await makeBundles('--only', 'health/ready', '--only', 'accounts/register', ...bundled);

for (const name of targets) {
  test(
    `${name} reaches a Postgres by TLS, whose certificate it checks`,
    { skip: withoutRuntime(name) },
    async () => {
      const before = relay.encrypted();
      const start = async (slug: string, trusted: string | undefined) => {
        const file = join(out, name, slug, 'index.mjs');
        const variables = { ...env, DATABASE_URL: `${relay.url}?sslmode=verify-full` };
        const runtime = await startArtefact(name, file, variables, trusted);
        after(runtime.close);
        return runtime;
      };
      const ready = await start('health-ready', certificate.path);
      const answer = await fetch(`${ready.url}/health/ready`);
      assert.equal(answer.status, 200, ready.said());
      assert.ok(relay.encrypted() > before);

      const register = await start('accounts-register', certificate.path);
      const body = JSON.stringify({ email: `${name}@example.com`, password: 'correct horse battery staple' });
      const headers = { 'Content-Type': 'application/json', 'CF-Connecting-IP': '192.0.2.1' };
      const registered = await fetch(`${register.url}/v1/auth/register`, { method: 'POST', headers, body });
      assert.equal(registered.status, 201, register.said());

      const wary = await start('health-ready', undefined);
      assert.equal((await fetch(`${wary.url}/health/ready`)).status, 503);
    },
  );
}
