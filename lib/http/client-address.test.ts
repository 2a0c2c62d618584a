import assert from 'node:assert/strict';
import test from 'node:test';
import { Hono } from 'hono';
import { clientAddressOf, toAddressKey, toClientAddress, toSiteKey } from './client-address.ts';
import type { FunctionEnv } from './services.ts';
import type { TrustedProxies } from '../core/settings.ts';

const traefik = '172.18.0.2';
const cdn = '198.51.100.7';
const client = '203.0.113.9';
const spoofed = '192.0.2.66';
const networks = { networks: ['172.16.0.0/12', '198.51.100.0/24', '2001:db8:cd::/48'] };

const walks: readonly {
  readonly what: string;
  readonly trusted: TrustedProxies;
  readonly peer?: string;
  readonly header: string | null;
  readonly is: string;
}[] = [
  { what: 'no proxy: the peer', trusted: { hops: 0 }, header: null, is: traefik },
  { what: 'no proxy: a header is anybody’s claim', trusted: { hops: 0 }, header: spoofed, is: traefik },
  { what: 'one hop: what the proxy saw', trusted: { hops: 1 }, header: client, is: client },
  { what: 'one hop, spoofed', trusted: { hops: 1 }, header: `${spoofed}, ${client}`, is: client },
  { what: 'one hop, no header', trusted: { hops: 1 }, header: null, is: traefik },
  { what: 'one hop, empty header', trusted: { hops: 1 }, header: '', is: traefik },
  { what: 'one hop, ends in a comma', trusted: { hops: 1 }, header: `${client},`, is: traefik },
  { what: 'one hop, no space', trusted: { hops: 1 }, header: `${spoofed},${client}`, is: client },
  { what: 'one hop, much space', trusted: { hops: 1 }, header: ` ${spoofed} ,\t ${client} `, is: client },
  { what: 'two hops', trusted: { hops: 2 }, header: `${client}, ${cdn}`, is: client },
  { what: 'two hops, spoofed', trusted: { hops: 2 }, header: `${spoofed}, ${client}, ${cdn}`, is: client },
  { what: 'two hops, too short: the CDN was passed by', trusted: { hops: 2 }, header: cdn, is: cdn },
  { what: 'two hops, the second malformed', trusted: { hops: 2 }, header: `unknown, ${cdn}`, is: cdn },
  { what: 'two hops, the first malformed', trusted: { hops: 2 }, header: `${client}, unknown`, is: traefik },
  { what: 'an obfuscated node (RFC 7239, 6.3)', trusted: { hops: 1 }, header: '_hidden', is: traefik },
  { what: 'two hops, an empty entry', trusted: { hops: 2 }, header: `${client}, , ${cdn}`, is: cdn },
  { what: 'networks: peer not trusted', trusted: networks, peer: spoofed, header: client, is: spoofed },
  { what: 'networks: one proxy', trusted: networks, header: client, is: client },
  { what: 'networks: two proxies', trusted: networks, header: `${client}, ${cdn}`, is: client },
  { what: 'networks: spoofed', trusted: networks, header: `${spoofed}, ${client}, ${cdn}`, is: client },
  {
    what: 'networks: all are proxies',
    trusted: networks,
    header: `198.51.100.1, ${cdn}`,
    is: '198.51.100.1',
  },
  { what: 'networks: malformed', trusted: networks, header: `${client}, what, ${cdn}`, is: cdn },
  { what: 'networks: none', trusted: { networks: [] }, header: client, is: traefik },
  {
    what: 'networks: IPv6 and IPv4 mixed',
    trusted: networks,
    header: `${client}, 2001:db8:cd::7`,
    is: client,
  },
  {
    what: 'networks: a mapped peer is in an IPv4 network',
    trusted: networks,
    peer: `::ffff:${traefik}`,
    header: client,
    is: client,
  },
  { what: 'a peer that has no address', trusted: { hops: 0 }, peer: '', header: null, is: '0.0.0.0' },
  { what: 'a Unix socket behind a proxy', trusted: { hops: 1 }, peer: '', header: client, is: client },
  { what: 'a Unix socket is in no network', trusted: networks, peer: '', header: client, is: '0.0.0.0' },
  {
    what: 'a long chain of claims',
    trusted: { hops: 1 },
    header: `${'10.0.0.1,'.repeat(1000)}${client}`,
    is: client,
  },
];

test('toClientAddress believes as many addresses from the right as are vouched for', () => {
  for (const { what, trusted, peer = traefik, header, is } of walks) {
    assert.equal(toClientAddress(peer, header, trusted), is, what);
  }
});

test('toClientAddress writes the canonical text, and takes nothing else for an address', () => {
  for (const [text, is] of [
    ['[2001:DB8:0::1]:4711', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['unknown', undefined],
    ['', undefined],
  ] as const) {
    assert.equal(toClientAddress('192.0.2.200', text, { hops: 1 }), is ?? '192.0.2.200', `${text}: claimed`);
    assert.equal(toClientAddress(text, null, { hops: 0 }), is ?? '0.0.0.0', `${text}: as the peer`);
  }
});

test('toAddressKey counts an IPv4 address by itself and IPv6 addresses by their /64', () => {
  const keys = [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ] as const;
  for (const [address, key] of keys) assert.equal(toAddressKey(address), key);
  assert.notEqual(toAddressKey('2001:db8:0:1::1'), toAddressKey('2001:db8:0:2::1'));
});

test('toSiteKey counts IPv6 addresses by their /48 too, and no IPv4 address', () => {
  const keys = [
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['192.0.2.1', undefined],
    ['0.0.0.0', undefined],
  ] as const;
  for (const [address, key] of keys) assert.equal(toSiteKey(address), key);
});

test('clientAddressOf reads the peer and the header of the request at hand', async () => {
  const env = { peerAddress: traefik, settings: { trustedProxies: { hops: 1 } } };
  const app = new Hono<FunctionEnv>().get('/', (c) => c.text(clientAddressOf(c)));
  const headers = { 'X-Forwarded-For': `${spoofed}, ${client}` };
  assert.equal(await (await app.request('/', { headers }, env)).text(), client);
});
