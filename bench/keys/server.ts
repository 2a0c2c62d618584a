/** `bare`: a bare Hono answer. `ours`: the same answer behind the guard that takes API keys, with limits, headers and log. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createDatabaseClient } from '../../db/client.ts';
import { createRouter } from '../../hosts/core/router.ts';
import type { HostServices } from '../../hosts/core/services.ts';
import { createLogOutput } from '../../hosts/node/log-output.ts';
import { listen } from '../../hosts/node/server.ts';
import { startUsageWriter } from '../../hosts/node/usage-writer.ts';
import { apiKey } from '../../lib/api-keys/caller.ts';
import { createHealth } from '../../lib/core/health.ts';
import { createKeyring } from '../../lib/core/keyring.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import { createApiKeys } from '../../lib/http/api-keys.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import { api, apiKeyLimit, organizationLimit } from '../../lib/rate-limit/policies.ts';
import { createApiKey } from '../../lib/security/api-key.ts';
import { bareSettings } from '../../test/support/settings.ts';

const [, , role, keys = '0'] = process.argv;
if (role === 'bare') startBare();
else await startOurs(Number(keys));

function startBare(): void {
  const bare = new Hono().get('/v1/whoami', (c) => c.json({ key: '01890a5d-ac96-774b-bcce-b302099a8057' }));
  serve({ fetch: bare.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.send?.({ port }));
}

async function startOurs(count: number): Promise<void> {
  const url = process.env['DATABASE_URL'] ?? '';
  const database = createDatabaseClient({ url });
  const { log } = createLogOutput('info');
  const apiKeys = createApiKeys();
  startUsageWriter({ database, usage: apiKeys.usage, log });
  const services: HostServices = {
    settings: { ...bareSettings, publicUrl: 'http://localhost' },
    log,
    database,
    apiKeys,
    keyring: createKeyring(['a secret of this bench that is long enough for all']),
    // The real limits, by a clock that is so fast that nobody is ever over them.
    rateLimits: createMemoryStore({ now: () => performance.now() * 10_000 }),
    health: createHealth([]),
  };
  const whoami = createFunction().get(
    '/v1/whoami',
    guard({ caller: apiKey, limits: limit(api, apiKeyLimit, organizationLimit) }),
    (c) => c.json({ key: c.var.request.caller.keyId }),
  );
  const { address } = await listen(createRouter([whoami]), services, { host: '127.0.0.1', port: 0 });
  process.send?.({ port: address.port, keys: await insertKeys(url, count) });
}

/** Of one organization, which has a member, and used within the last ten minutes, as most are that a process looks up. */
async function insertKeys(url: string, count: number): Promise<readonly string[]> {
  const { sql, close } = createDatabaseClient({ url, deadlineMs: 60_000 });
  const organization = createUuid();
  await sql`insert into organizations (id, name, slug) values (${organization}, 'Bench', ${organization})`;
  await sql`insert into users (id, email) values (${organization}, ${`${organization}@example.com`})`;
  await sql`
    insert into memberships (organization_id, user_id, role) values (${organization}, ${organization}, 'owner')`;
  const keys = Array.from({ length: count }, () => createApiKey(createUuid()));
  for (const { keyId, hash } of keys) {
    await sql`
      insert into api_keys (id, organization_id, name, secret_hash, scopes, last_used_at)
      values (${keyId}, ${organization}, 'A key', ${hash}, array['members:read'], now())`;
  }
  await close();
  return keys.map(({ text }) => text);
}
