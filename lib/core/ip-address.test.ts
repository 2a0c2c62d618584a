import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containsAddress, isNetwork, parseAddress, toCanonicalAddress } from './ip-address.ts';

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

test('toCanonicalAddress writes an address in one way only, and takes nothing else for one', () => {
  for (const [what, text, is] of texts) assert.equal(toCanonicalAddress(text) ?? null, is, what);
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

test('containsAddress finds exactly the addresses inside of a network', () => {
  for (const [network, address, inside] of memberships) {
    assert.equal(containsAddress(network, parseAddress(address) ?? []), inside, `${address} in ${network}`);
  }
});

test('containsAddress finds nothing in what is no network', () => {
  for (const text of ['', '10.0.0.1', '10.0.0.0/33'])
    assert.equal(containsAddress(text, [10, 0, 0, 1]), false);
});
