/** The proxies of docs/gateway.md before a service: real ones, with the configurations that stand in examples/. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { after, suite, test } from 'node:test';
import { decodeJwt } from 'jose';
import { testBinaries } from '../support/postgres.ts';
import { originOf } from '../support/program.ts';
import { expectJson } from '../support/responses.ts';
import { appOrigin, closeAtOnce, startIssuer } from './issuer.ts';
import { startNode } from './programs.ts';
import {
  type Configure,
  startCaddy,
  startNginx,
  startTraefik,
  withoutCaddy,
  withoutNginx,
  withoutTraefik,
} from './proxies.ts';

test('the blocks of docs/gateway.md that configure a proxy stand in an example, but for their indentation', () => {
  const flat = (text: string) => text.replaceAll(/^[ \t]+/gm, '');
  const examples = ['gate-traefik.yml', 'gate.Caddyfile'].map((file) =>
    flat(readFileSync(`examples/proxies/${file}`, 'utf8')),
  );
  const blocks = [...readFileSync('docs/gateway.md', 'utf8').matchAll(/^```(?:yaml|caddy)\n(.*?)^```/gms)];
  assert.equal(blocks.length, 2);
  for (const [, text = ''] of blocks)
    assert.ok(
      examples.some((example) => example.includes(flat(text))),
      text,
    );
});

/** A service that takes everybody's word, and tells what it was asked. */
async function startBilling() {
  const asked: { method: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer(({ method = '', headers }, response) => {
    asked.push({ method, headers });
    response.setHeader('Content-Type', 'application/json').end('{"paid":true}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => closeAtOnce(server));
  return { origin: originOf(server), asked };
}

const proxies = [
  { name: 'nginx', file: 'gate-nginx.conf', skip: withoutNginx, start: startNginx, away: 503, body: false },
  {
    name: 'Traefik',
    file: 'gate-traefik.yml',
    skip: withoutTraefik,
    start: (configure: Configure) => startTraefik(configure, 'gate'),
    away: 500,
    body: true,
  },
  { name: 'Caddy', file: 'gate.Caddyfile', skip: withoutCaddy, start: startCaddy, away: 502, body: true },
] as const;

for (const { name, file, start, away, body: hasBody, ...proxy } of proxies) {
  const skip = testBinaries === undefined ? proxy.skip : 'one kind of Postgres is enough';
  suite(`${name} with the gate`, { skip }, async () => {
    if (skip !== false) return;
    const issuer = await startIssuer();
    const billing = await startBilling();
    const configure = (upstream: string) => (own: string) =>
      readFileSync(`examples/proxies/${file}`, 'utf8')
        .replace('127.0.0.1:8080', own)
        .replace('127.0.0.1:3000', new URL(issuer.url).host)
        .replace('127.0.0.1:5000', new URL(upstream).host);
    const origin = await start(configure(billing.origin));
    const person = await issuer.register();
    const bearer = { Authorization: `Bearer ${person.access_token}` };

    const ask = async (method: string, headers: Readonly<Record<string, string>>) => {
      billing.asked.length = 0;
      const response = await fetch(`${origin}/invoices?x=1`, { method, headers });
      return { response, asked: [...billing.asked] };
    };

    test('hands on who asks, and none of what only the gate may see', async () => {
      const cookie = { Cookie: `access=${person.access_token}; theme=dark` };
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { response, asked } = await ask(method, { ...bearer, ...cookie, 'X-Identity': 'forged' });
        assert.deepEqual(await expectJson(response, 200), { paid: true });
        const [{ method: got = '', headers = {} } = {}] = asked;
        assert.equal(got, method);
        const { sub, aud, scope } = decodeJwt(String(headers['x-identity']));
        assert.deepEqual([sub, aud], [person.user.id, 'billing']);
        assert.match(String(scope), /members:read/);
        assert.deepEqual([headers.authorization, headers.cookie], [undefined, undefined]);
      }
    });

    test('lets no stranger through, whatever identity they bring', async () => {
      const identity = await fetch(`${issuer.url}/v1/gate?audience=reports`, { headers: bearer });
      const reports = identity.headers.get('x-identity') ?? '';
      assert.ok(reports);
      for (const headers of [{}, { 'X-Identity': reports }, { Authorization: `Bearer ${reports}` }]) {
        const { response, asked } = await ask('GET', headers);
        assert.equal(response.status, 401);
        assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer .*resource_metadata=/);
        assert.equal(response.headers.get('x-identity'), null);
        const refusal = (await response.json().catch(() => undefined)) as { type?: string } | undefined;
        if (hasBody)
          assert.match(refusal?.type ?? '', /\/problems\/(?:authentication-required|access-token-invalid)$/);
        assert.deepEqual(asked, []);
      }
    });

    test('lets a browser read by its cookies, and change something for no other site', async () => {
      const cookie = { Cookie: `access=${person.access_token}` };
      const read = await ask('GET', cookie);
      assert.equal(read.response.status, 200);
      const forged = {
        Origin: 'https://evil.example',
        'Sec-Fetch-Site': 'cross-site',
        'X-Forwarded-Method': 'GET',
      };
      for (const headers of [{}, forged, { ...forged, 'X-HTTP-Method-Override': 'GET' }]) {
        const { response, asked } = await ask('POST', { ...cookie, ...headers });
        assert.equal(response.status, 403);
        assert.deepEqual(asked, []);
      }
      const own = await ask('POST', { ...cookie, Origin: issuer.url, 'Sec-Fetch-Site': 'same-origin' });
      assert.equal(own.response.status, 200);
    });

    test('lets a preflight of a listed origin through as nobody, and no other', async () => {
      const preflight = { Origin: appOrigin, 'Access-Control-Request-Method': 'POST' };
      const { response, asked } = await ask('OPTIONS', { ...preflight, 'X-Identity': 'forged' });
      assert.equal(response.status, 200);
      assert.deepEqual(
        asked.map(({ method }) => method),
        ['OPTIONS'],
      );
      // Caddy 2.6 sends the name of what the gate did not answer.
      const { 'x-identity': identity = '{}' } = asked[0]?.headers ?? {};
      assert.match(String(identity), /^\{.*\}$/);
      const foreign = await ask('OPTIONS', { ...preflight, Origin: 'https://evil.example' });
      assert.ok([401, 403].includes(foreign.response.status));
      const disguised = await ask('POST', { ...preflight, 'X-Forwarded-Method': 'OPTIONS' });
      assert.ok([401, 403].includes(disguised.response.status));
      assert.deepEqual([...foreign.asked, ...disguised.asked], []);
    });

    test('a service that verifies the identity takes it, and nothing else', async () => {
      const verifying = await start(configure(await startNode(issuer.url, 'billing')));
      const answer = await fetch(verifying, { headers: bearer });
      assert.equal((await expectJson<{ sub: string }>(answer, 200)).sub, person.user.id);
      const other = await start(configure(await startNode(issuer.url, 'reports')));
      assert.equal((await fetch(other, { headers: bearer })).status, 401, 'of another service');
    });

    test('tells who has asked too often when to come again', async () => {
      let { response, asked } = await ask('GET', bearer);
      for (let nth = 0; nth < 110 && response.status === 200; nth += 1)
        ({ response, asked } = await ask('GET', bearer));
      assert.equal(response.status, 429);
      assert.match(response.headers.get('retry-after') ?? '', /^\d+$/);
      assert.match(response.headers.get('ratelimit') ?? '', /"api";r=0/);
      assert.deepEqual(asked, []);
    });

    test('lets nobody through while the gate is away', async () => {
      issuer.stop();
      const { response, asked } = await ask('GET', bearer);
      assert.equal(response.status, away);
      assert.deepEqual(asked, []);
    });
  });
}
