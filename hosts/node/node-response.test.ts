import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request as ask } from 'node:http';
import { after, test } from 'node:test';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { createKeyring } from '../../lib/core/keyring.ts';
import { createLog } from '../../lib/core/log.ts';
import { limit } from '../../lib/http/limit.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import type { Policy } from '../../lib/rate-limit/store.ts';
import { createBareServices, origin } from '../../test/support/bare-services.ts';
import { expectProblem } from '../../test/support/responses.ts';
import { createRouter } from '../core/router.ts';
import type { HostServices } from '../core/services.ts';
import { listen } from './server.ts';

const policy = {
  name: 'test',
  limit: 1000,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
} as const satisfies Policy;
const rules = guard({ caller: anyone, limits: limit(policy) });

const router = createRouter([
  createFunction().get('/json', rules, (c) => c.json({})),
  createFunction().get('/empty', rules, (c) => c.body(null, 204)),
  createFunction().get('/nothing', rules, () => new Response(null)),
  createFunction().get('/bytes', rules, (c) =>
    c.body(new Uint8Array([1, 2]), 201, { 'Content-Type': 'image/png' }),
  ),
  createFunction().get('/cached', rules, (c) => {
    c.header('Cache-Control', 'public, max-age=60');
    c.header('Vary', 'Accept');
    return c.text('kept');
  }),
  createFunction().get('/policies', rules, (c) =>
    c.json({}, 200, {
      'CONTENT-SECURITY-POLICY': "default-src 'self'",
      'X-Request-Id': 'of another request',
    }),
  ),
  createFunction().get('/cookies', rules, (c) => {
    c.header('Set-Cookie', 'a=1', { append: true });
    c.header('Set-Cookie', 'b=2', { append: true });
    return c.redirect('/json');
  }),
  createFunction().get('/stream', rules, (c) => c.body(new Blob(['text']).stream())),
  createFunction().get('/fails', rules, () => {
    throw new Error('broken');
  }),
]);

const lines: string[] = [];
const services: HostServices = {
  ...createBareServices().services,
  log: createLog({ write: (line) => lines.push(line) }),
  rateLimits: createMemoryStore(),
  keyring: createKeyring(['a secret of this test that is long enough for all']),
};
const server = await listen(router, services, { host: '127.0.0.1', port: 0 });
after(() => server.drain(0));

// Which could be taken for a header's name.
const id = 'cache-control';

/** As they are on the wire. */
async function receive(path: string, method: string): Promise<Record<string, unknown>> {
  const headers = { Origin: origin, 'X-Request-Id': id };
  const request = ask({ port: server.address.port, host: '127.0.0.1', path, method, headers }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.headers;
}

/** What the adapter and Node say of the body and the connection. */
const ofHost = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);

test('over Node every response has the headers that it has without a server', async () => {
  const paths = router.routes.map(({ path }) => path);
  for (const path of new Set([...paths, '/elsewhere'])) {
    for (const method of ['GET', 'HEAD', 'PUT']) {
      const headers = { Origin: origin, 'X-Request-Id': id };
      const response = await router.request(
        path,
        { method, headers },
        { ...services, peerAddress: '127.0.0.2' },
      );
      const expected = new Map<string, unknown>(response.headers);
      const cookies = response.headers.getSetCookie();
      if (cookies.length > 0) expected.set('set-cookie', cookies);
      assert.equal(expected.get('x-request-id'), id, path);
      const received = Object.entries(await receive(path, method));
      const told = received.filter(([name]) => !ofHost.has(name));
      const withoutLeft = (fields: Iterable<[string, unknown]>) =>
        Object.fromEntries([...fields].filter(([name]) => name !== 'ratelimit'));
      assert.deepEqual(withoutLeft(told), withoutLeft(expected), `${method} ${path}`);
      assert.equal(
        'ratelimit' in Object.fromEntries(received),
        expected.has('ratelimit'),
        `${method} ${path}`,
      );
    }
  }
});

test('over Node an answer that no header can say is a 500, and the next request is answered', async () => {
  const broken = createRouter([
    createFunction().get('/at-once', rules, (c) => c.body('x', 200, { Title: '\n' })),
    createFunction().get('/later', rules, async (c) => c.body('x', 200, { Title: '\n' })),
    createFunction().get('/json', rules, (c) => c.json({})),
  ]);
  const { address, drain } = await listen(broken, services, { host: '127.0.0.1', port: 0 });
  after(() => drain(0));
  const get = (path: string) => fetch(`http://127.0.0.1:${String(address.port)}${path}`);
  await expectProblem(await get('/at-once'), 'internal-error');
  assert.match(lines.join('\n'), /"message":"response failed".*Invalid character in header content/);
  assert.equal((await get('/later')).status, 500);
  assert.equal((await get('/json')).status, 200);
});
