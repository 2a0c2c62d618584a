/** The use of API keys by a process that runs one bundle: written down before it ends. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { insertApiKey } from '../support/api-key-row.ts';
import { startBlockbot } from '../support/blockbot.ts';
import { makeBundles } from './bundles.ts';
import { withoutRuntime } from './executables.ts';
import { startArtefact } from './runtime.ts';

const bot = await startBlockbot();
const out = await makeBundles('--only', 'api-keys/read-own', '--target', 'bun', '--target', 'node');

for (const target of ['bun', 'node'] as const) {
  test(
    `a bundle for ${target} has written down how often a key was used when SIGTERM ends it`,
    { skip: withoutRuntime(target) },
    async () => {
      const { organization } = await bot.register();
      const { keyId, text } = await insertApiKey(bot, { organizationId: organization.id });
      const { url, stop, close } = await startArtefact(
        target,
        join(out, target, 'api-keys-read-own/index.mjs'),
        {
          NODE_ENV: 'development',
          PUBLIC_URL: 'https://api.example.com',
          DATABASE_URL: bot.databaseUrl,
          TOKEN_SECRET: 'a secret of this test that is long enough for all',
          JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
        },
      );
      after(close);
      const headers = { Authorization: `Bearer ${text}` };
      for (let nth = 0; nth < 3; nth++) {
        const { status } = await fetch(`${url}/v1/me/api-key`, { headers });
        assert.equal(status, 200);
      }
      assert.equal(await stop(), 0);
      const counted = await bot.database.sql`select requests::int from api_key_usage where key_id = ${keyId}`;
      assert.deepEqual(counted, [{ requests: 3 }]);
    },
  );
}
