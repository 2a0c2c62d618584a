import assert from 'node:assert/strict';
import test from 'node:test';
import { clientAddressOf, isNetwork, toAddressKey, toClientAddress } from './client-address.ts';
import type { FunctionContext } from './services.ts';
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

// Left as it comes, right in the canonical text; null where it is no address.
const texts: readonly (readonly [what: string, text: string, is: string | null])[] = [
  ['IPv4', '192.0.2.1', '192.0.2.1'],
  ['the lowest', '0.0.0.0', '0.0.0.0'],
  ['the highest', '255.255.255.255', '255.255.255.255'],
  ['a port', '192.0.2.1:4711', '192.0.2.1'],
  ['brackets', '[2001:db8::1]', '2001:db8::1'],
  ['brackets and a port', '[2001:db8::1]:4711', '2001:db8::1'],
  ['a zone', 'fe80::1%eth0', 'fe80::1'],
  ['a zone in brackets', '[fe80::1%eth0.1]:80', 'fe80::1'],
  ['v4-mapped', '::ffff:192.0.2.1', '192.0.2.1'],
  ['v4-mapped, hexadecimal', '::FFFF:c000:201', '192.0.2.1'],
  ['v4-mapped, in full', '0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ['v4-mapped, brackets and a port', '[::ffff:192.0.2.1]:443', '192.0.2.1'],
  ['an address of NAT64 is not mapped (RFC 6052)', '64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['loopback', '::1', '::1'],
  ['unspecified', '::', '::'],
  ['all groups', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['one group left out at the end', '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['one group left out at the start', '::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ['RFC 5952, 1: leading zeros', '2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['RFC 5952, 1: all written out', '2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
  ['RFC 5952, 1: upper case', '2001:DB8:0:0:1::1', '2001:db8::1:0:0:1'],
  ['RFC 5952, 2.2: shortened at the other place', '2001:db8:0:0:1::1', '2001:db8::1:0:0:1'],
  ['RFC 5952, 4.2.1: as short as possible', '2001:db8::0:1', '2001:db8::1'],
  ['RFC 5952, 4.2.2: one zero group is no run', '2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['RFC 5952, 4.2.3: the longest run', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['RFC 5952, 4.2.3: the first of equals', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['a run at the end', '2001:db8:1:0:0:0:0:0', '2001:db8:1::'],
  ['zeros inside groups are no run', '10:100:1000:0:0:10:100:1000', '10:100:1000::10:100:1000'],
  ['no text', '', null],
  ['a name', 'localhost', null],
  ['RFC 7239, 6', 'unknown', null],
  ['three octets', '192.0.2', null],
  ['five octets', '192.0.2.1.1', null],
  ['an octet too great', '192.0.2.256', null],
  ['a leading zero, which some read as octal', '192.0.2.010', null],
  ['a dot too many', '192.0.2.1.', null],
  ['a negative octet', '192.0.2.-1', null],
  ['hexadecimal', '0xc0000201', null],
  ['one number', '3221225985', null],
  ['no port behind the colon', '192.0.2.1:', null],
  ['a port too long', '192.0.2.1:123456', null],
  ['no closing bracket', '[2001:db8::1', null],
  ['no opening bracket', '2001:db8::1]', null],
  ['text behind the brackets', '[2001:db8::1]x', null],
  ['nothing in brackets', '[]', null],
  ['seven groups', '1:2:3:4:5:6:7', null],
  ['nine groups', '1:2:3:4:5:6:7:8:9', null],
  ['eight groups and a gap', '1:2:3:4::5:6:7:8', null],
  ['two gaps', '1::2::3', null],
  ['three colons', ':::', null],
  ['one colon at the start', ':1:2:3:4:5:6:7', null],
  ['one colon at the end', '1:2:3:4:5:6:7:', null],
  ['a group too long', '2001:0db80::1', null],
  ['not hexadecimal', '2001:db8::g', null],
  ['dotted, malformed', '::ffff:192.0.2.256', null],
  ['dotted, not at the end', '::192.0.2.1:1', null],
  ['an empty zone', 'fe80::1%', null],
  ['quoted (RFC 7239 form)', '"[2001:db8::1]"', null],
  ['over-long value', `192.0.2.1${' '.repeat(80)}x`, null],
  ['over-long zone', `fe80::1%${'a'.repeat(60)}`, null],
  ['a megabyte', '1'.repeat(1_000_000), null],
];

test('toClientAddress writes an address in one way only, and takes nothing else for one', () => {
  for (const [what, text, is] of texts) {
    assert.equal(toClientAddress('192.0.2.200', text, { hops: 1 }), is ?? '192.0.2.200', `${what}: claimed`);
    assert.equal(toClientAddress(text, null, { hops: 0 }), is ?? '0.0.0.0', `${what}: as the peer`);
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

test('isNetwork takes an address with a prefix length that fits it', () => {
  const network = ['10.0.0.0/8', '0.0.0.0/0', '192.0.2.1/32', '::/0', '2001:db8::/32', '::1/128'];
  const none = [
    ...['', '10.0.0.0', '/8', '10.0.0.0/', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/-1', '10.0.0.0/8/8'],
    ...['2001:db8::/129', '2001:db8::', 'example.com/24', '10.0.0.0/0x8', '10.0.0.0/8 '],
  ];
  for (const text of network) assert.equal(isNetwork(text), true, text);
  for (const text of none) assert.equal(isNetwork(text), false, text);
});

const memberships: readonly (readonly [network: string, address: string, inside: boolean])[] = [
  ['172.16.0.0/12', '172.16.0.0', true],
  ['172.16.0.0/12', '172.31.255.255', true],
  ['172.16.0.0/12', '172.15.255.255', false],
  ['172.16.0.0/12', '172.32.0.0', false],
  ['172.31.9.9/12', '172.16.0.1', true],
  ['192.0.2.1/32', '192.0.2.1', true],
  ['192.0.2.1/32', '192.0.2.2', false],
  ['0.0.0.0/0', '203.0.113.1', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['::/0', '2001:db8::1', true],
  ['::/0', '203.0.113.1', false],
  ['2001:db8::/33', '2001:db8:7fff::1', true],
  ['2001:db8::/33', '2001:db8:8000::1', false],
  ['::1/128', '::1', true],
  ['::1/128', '::2', false],
];

test('toClientAddress trusts exactly the addresses inside of a network', () => {
  for (const [network, address, inside] of memberships) {
    const seen = toClientAddress(address, '192.0.2.77', { networks: [network] });
    assert.equal(seen, inside ? '192.0.2.77' : address, `${address} in ${network}`);
  }
});

test('clientAddressOf reads the peer and the header of the request at hand', () => {
  const env = { peerAddress: traefik, settings: { trustedProxies: { hops: 1 } } };
  const headers = new Headers({ 'X-Forwarded-For': `${spoofed}, ${client}` });
  const req = { header: (name: string) => headers.get(name) ?? undefined };
  assert.equal(clientAddressOf({ env, req } as unknown as FunctionContext), client);
});
