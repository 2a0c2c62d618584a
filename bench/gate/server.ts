/** The gate as the router serves it, with nobody ever over a limit; and, as `service`, what stands behind the proxy. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import check from '../../functions/gate/check.ts';
import { createRouter } from '../../hosts/core/router.ts';
import type { HostServices } from '../../hosts/core/services.ts';
import { createLogOutput } from '../../hosts/node/log-output.ts';
import { listen } from '../../hosts/node/server.ts';
import { createHealth } from '../../lib/core/health.ts';
import { createKeyring } from '../../lib/core/keyring.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import { isRevocationCheck } from '../../lib/rate-limit/store.ts';
import { createJwtKeys, createPrivateKey } from '../../lib/security/jwt.ts';
import { bareSettings } from '../../test/support/settings.ts';

const [, , role, kilobytes = '0'] = process.argv;
if (role === 'service') startService(Number(kilobytes));
else await startGate();

/** @param kilobytes of JSON that it parses and writes for each answer: work of the processor, whoever else has it */
function startService(kilobytes: number): void {
  const text = JSON.stringify(
    Array.from({ length: kilobytes * 10 }, (_, id) => ({
      id,
      name: 'A line of an invoice',
      amount_cents: 1250,
      vat: 19,
      at: '2026-11-26T09:39:48.680Z',
    })),
  );
  const server = createServer((_, response) => {
    const paid = JSON.stringify(JSON.parse(text)).length >= 0;
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ paid }));
  });
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}

async function startGate(): Promise<void> {
  const publicUrl = 'http://localhost';
  const keys = await createJwtKeys([await createPrivateKey('ES256')], { issuer: publicUrl });
  const store = createMemoryStore();
  const services: HostServices = {
    settings: { ...bareSettings, publicUrl, gateAudiences: new Set(['billing']) },
    log: createLogOutput('info').log,
    keyring: createKeyring(['a secret of this bench that is long enough for all']),
    keys,
    rateLimits: {
      ...store,
      // The same work, in a window that never fills.
      take: (checks) =>
        store.take(
          checks.map((each) =>
            isRevocationCheck(each)
              ? each
              : { ...each, policy: { ...each.policy, limit: 1_000_000, windowMs: 1000 } },
          ),
        ),
    },
    health: createHealth([]),
  };
  const { address } = await listen(createRouter([check]), services, { host: '127.0.0.1', port: 0 });
  const token = await keys.sign({
    sub: '01890a5d-ac96-774b-bcce-b302099a8057',
    sid: '01890a5d-ac96-774b-bcce-b302099a8058',
    org: '01890a5d-ac96-774b-bcce-b302099a8059',
    role: 'owner',
    auth_time: Math.floor(Date.now() / 1000),
    amr: ['pwd'],
    as_of: Date.now(),
  });
  process.send?.({ port: address.port, token });
}
