/** How the proxies that we have files for ask the gate. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

test('wherever Traefik asks the gate, it asks alike', () => {
  interface ForwardAuth {
    readonly address: string;
    readonly trustForwardHeader: boolean;
    readonly authRequestHeaders: readonly string[];
    readonly authResponseHeaders: readonly string[];
    readonly maxResponseBodySize: number;
  }
  const read = (file: string): unknown => parse(readFileSync(file, 'utf8'));
  const { services } = read('docker-compose.prod.yml') as {
    services: Record<string, { labels: Record<string, string> }>;
  };
  const label = (key: string) =>
    services['example']?.labels[`traefik.http.middlewares.example-gate.forwardauth.${key}`] ?? '';
  const { spec } = read('deploy/kubernetes/gate.example.yaml') as { spec: { forwardAuth: ForwardAuth } };
  const { http } = read('examples/proxies/gate-traefik.yml') as {
    http: { middlewares: { gate: { forwardAuth: ForwardAuth } } };
  };
  const ways: readonly ForwardAuth[] = [
    spec.forwardAuth,
    http.middlewares.gate.forwardAuth,
    {
      address: label('address'),
      trustForwardHeader: label('trustforwardheader') !== 'false',
      authRequestHeaders: label('authrequestheaders').split(','),
      authResponseHeaders: label('authresponseheaders').split(','),
      maxResponseBodySize: Number(label('maxresponsebodysize')),
    },
  ];
  for (const { address, ...way } of ways) {
    assert.match(address, /^http:\/\/[^/]+\/v1\/gate\?audience=\w+&permission=members:read$/);
    assert.deepEqual(way, {
      trustForwardHeader: false,
      authRequestHeaders: [
        'Authorization',
        'Cookie',
        'Origin',
        'Sec-Fetch-Site',
        'Access-Control-Request-Method',
        'X-Request-Id',
      ],
      authResponseHeaders: ['X-Identity', 'Authorization', 'Cookie'],
      maxResponseBodySize: 65_536,
    });
  }
});

test('no edge that we have files for routes the gate itself', () => {
  for (const file of [
    'docker-compose.prod.yml',
    'deploy/swarm/docker-stack.yml',
    'deploy/traefik/dynamic.yml',
  ])
    assert.match(readFileSync(file, 'utf8'), /&& !PathPrefix\(`\/v1\/gate`\)/, file);
  const route = parse(readFileSync('deploy/kubernetes/gateway/http-route.yaml', 'utf8')) as {
    spec: { rules: readonly { matches: readonly { path: { value: string } }[]; backendRefs?: unknown }[] };
  };
  const ofGate = route.spec.rules.filter(({ matches }) =>
    matches.some(({ path }) => path.value === '/v1/gate'),
  );
  assert.deepEqual(
    ofGate.map(({ backendRefs }) => backendRefs),
    [undefined],
  );
});
