/** What DNS says of the domain, asked through a resolver of one's own choice: a hosts file would answer for others. */
import type { Resolver } from 'node:dns/promises';
import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import { toErrorMessage } from '../../lib/core/error-message.ts';
import { fail, type Finding, ok, skipped, warn } from './finding.ts';

export interface Lookup {
  readonly findings: readonly Finding[];
  readonly addresses: readonly string[];
}

/** @param own this server's public addresses; none when they are not known (behind NAT, in a container) */
export async function examineDomain(
  resolver: Resolver,
  host: string,
  own: readonly string[],
): Promise<Lookup> {
  const [v4, v6] = await Promise.all([
    find(() => resolver.resolve4(host)),
    find(() => resolver.resolve6(host)),
  ]);
  const findings: Finding[] = [];
  if (v4 instanceof Error || v6 instanceof Error) {
    const error = v4 instanceof Error ? v4 : v6;
    return {
      findings: [
        fail(
          'dns',
          toErrorMessage(error),
          'The name server did not answer: is it the right one, is port 53 open?',
        ),
      ],
      addresses: [],
    };
  }
  if (v4.length + v6.length === 0) {
    findings.push(
      fail('dns', `${host} has no address`, "Make an A record with this server's IPv4 address, and wait"),
    );
  }
  for (const [record, found] of [
    ['A', v4],
    ['AAAA', v6],
  ] as const) {
    const name = `dns ${record}`;
    const foreign = found.filter((address) => !own.includes(address));
    if (found.length === 0) findings.push(ok(name, 'none'));
    else if (own.length === 0)
      findings.push(ok(name, `${found.join(', ')} (not compared: --address tells ours)`));
    else if (foreign.length === 0) findings.push(ok(name, found.join(', ')));
    else {
      findings.push(
        warn(
          name,
          `${foreign.join(', ')} is not this server (${own.join(', ')})`,
          record === 'AAAA'
            ? "Delete a stale AAAA record: Let's Encrypt asks by IPv6 first. Behind a CDN this is as it should be"
            : 'Point it here. Behind a CDN this is as it should be',
        ),
      );
    }
  }
  findings.push(await examineCaa(resolver, host));
  return { findings, addresses: [...v4, ...v6] };
}

/** RFC 8659: the closest set of records on the way up to the root decides. */
async function examineCaa(resolver: Resolver, host: string): Promise<Finding> {
  const labels = host.split('.');
  for (let from = 0; from < labels.length - 1; from++) {
    const domain = labels.slice(from).join('.');
    const records = await find(() => resolver.resolveCaa(domain));
    if (records instanceof Error) return skipped('dns CAA', toErrorMessage(records));
    const issuers = records.flatMap(({ issue }) => (issue === undefined ? [] : [issue]));
    if (issuers.length === 0) continue;
    return issuers.some((issuer) => issuer.startsWith('letsencrypt.org'))
      ? ok('dns CAA', `${domain} allows letsencrypt.org`)
      : fail('dns CAA', `${domain} allows only ${issuers.join(', ')}`, 'Add CAA 0 issue "letsencrypt.org"');
  }
  return ok('dns CAA', 'none: any authority may issue');
}

/** That there is no such record is an answer; that nobody answers is an error. */
export async function find<Answer>(ask: () => Promise<Answer[]>): Promise<Answer[] | Error> {
  try {
    return await ask();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
    return error instanceof Error ? error : new Error(String(error));
  }
}

const reserved = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  reserved.addSubnet(network, bits, 'ipv4');
}
reserved.addSubnet('fc00::', 7, 'ipv6');
reserved.addSubnet('fe80::', 10, 'ipv6');

/** The addresses of this machine that the world can reach. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(
      ({ address, family, internal }) =>
        !internal && !reserved.check(address, family === 'IPv4' ? 'ipv4' : 'ipv6'),
    )
    .map(({ address }) => address);
}
