/**
 * Three servers in one process: a bare Hono answer, the same answer behind guard, limit, headers and log, and that one
 * counted for Prometheus.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createLogOutput } from '../../hosts/node/log-output.ts';
import { startMetrics } from '../../hosts/node/metrics/metrics.ts';
import { listen } from '../../hosts/node/server.ts';
import { createRouter } from '../../hosts/core/router.ts';
import type { HostServices } from '../../hosts/core/services.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { createHealth } from '../../lib/core/health.ts';
import { createJwtKeys, createPrivateKey } from '../../lib/security/jwt.ts';
import { limit } from '../../lib/http/limit.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import type { Policy } from '../../lib/rate-limit/store.ts';
import { bareSettings } from '../../test/support/settings.ts';
import { createKeyring } from '../../lib/core/keyring.ts';

// As exact as the real ones, and never reached.
const bench = {
  name: 'bench',
  limit: 1_000_000,
  windowMs: 1000,
  keyedBy: 'caller',
  onStoreFailure: 'local',
} as const satisfies Policy;

const publicUrl = 'http://localhost';
const keys = await createJwtKeys([await createPrivateKey('ES256')], { issuer: publicUrl });
const whoami = createFunction().get('/v1/whoami', guard({ caller: user, limits: limit(bench) }), (c) =>
  c.json({ user: c.var.request.caller.userId }),
);

const bare = new Hono().get('/v1/whoami', (c) => c.json({ user: '01890a5d-ac96-774b-bcce-b302099a8057' }));
const bareServer = serve({ fetch: bare.fetch, port: 0, hostname: '127.0.0.1' });

const services = {
  settings: { ...bareSettings, publicUrl },
  log: createLogOutput('info').log,
  keyring: createKeyring(['a secret of this bench that is long enough for all']),
  keys,
  rateLimits: createMemoryStore(),
  health: createHealth([]),
} satisfies HostServices;
const loopback = { host: '127.0.0.1', port: 0 };
const { address } = await listen(createRouter([whoami]), services, loopback);
const metrics = await startMetrics(
  {
    database: {
      sql: () => Promise.resolve([]),
      pool: () => ({ max: 0, busy: 0, idle: 0, waiting: 0 }),
    },
    passwords: { stats: () => ({ running: 0, waiting: 0 }) },
    rateLimits: {
      store: services.rateLimits,
      state: () => ({ degraded: false, degradedDecisions: 0 }),
    },
  },
  loopback,
);
const counted = await listen(createRouter([whoami]), { ...services, ...metrics.services }, loopback);

const token = await keys.sign({
  sub: '01890a5d-ac96-774b-bcce-b302099a8057',
  sid: '01890a5d-ac96-774b-bcce-b302099a8058',
  auth_time: Math.floor(Date.now() / 1000),
  amr: ['pwd'],
  as_of: Date.now(),
});
const bareAddress = bareServer.address();
process.send?.({
  barePort: typeof bareAddress === 'object' ? bareAddress?.port : undefined,
  port: address.port,
  countedPort: counted.address.port,
  token,
});
