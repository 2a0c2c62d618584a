/**
 * Who is on the other end, behind however many proxies. `X-Forwarded-For` is walked from the right, never taken
 * from the left: the right end was written by the proxy next to us, the left end by whoever called.
 */
import { containsAddress, parseAddress, toCanonicalAddress } from '../core/ip-address.ts';
import { holdsSecret } from '../core/shared-secret.ts';
import type { TrustedProxies } from '../core/settings.ts';
import type { FunctionContext } from './services.ts';

/**
 * The address of whoever sent this request. A server of the product that signs people in on their behalf names itself by
 * `BACKEND_TOKEN` and the person's address by `X-Client-Address`; else all of them would be counted as that server.
 */
export function clientAddressOf(c: FunctionContext): string {
  const { peerAddress, settings } = c.env;
  // Headers are looked up only by those who need them: an address is found for every request.
  if (settings.backendToken && holdsSecret(c.req.header('x-backend-authorization'), settings.backendToken)) {
    const told = toCanonicalAddress(c.req.header('x-client-address')?.trim() ?? '');
    if (told !== undefined) return told;
  }
  const { trustedProxies } = settings;
  const isDirect = 'hops' in trustedProxies && trustedProxies.hops === 0;
  return toClientAddress(
    peerAddress,
    isDirect ? null : (c.req.header('x-forwarded-for') ?? null),
    trustedProxies,
  );
}

// RFC 1122, section 3.2.1.3: what stands for a peer that has no address, such as a Unix socket's.
const unspecified = '0.0.0.0';

/**
 * The client's address in its canonical text; never empty. Where the header is too short or malformed it is the
 * last address that somebody trusted vouched for.
 */
export function toClientAddress(peer: string, forwardedFor: string | null, trusted: TrustedProxies): string {
  let vouched = toCanonicalAddress(peer) ?? unspecified;
  if ('hops' in trusted && trusted.hops === 0) return vouched;
  const claims = forwardedFor === null ? [] : forwardedFor.split(',');
  for (let hop = 0; isTrusted(vouched, hop, trusted); hop++) {
    const claim = claims.pop();
    const address = claim === undefined ? undefined : toCanonicalAddress(claim.trim());
    if (address === undefined) return vouched;
    vouched = address;
  }
  return vouched;
}

/** What a limit counts: an IPv4 address as it is, an IPv6 address by its /64, which is one customer's. */
export function toAddressKey(address: string): string {
  return toNetworkKey(address, 64) ?? address;
}

/** What a looser limit counts beside it: the /48 of an IPv6 address, which may be one site's (RFC 6177). */
export function toSiteKey(address: string): string | undefined {
  return toNetworkKey(address, 48);
}

function toNetworkKey(address: string, prefix: 48 | 64): string | undefined {
  const groups = parseAddress(address);
  if (groups?.length !== 8) return undefined;
  const kept = groups.slice(0, prefix / 16).map((group) => group.toString(16));
  return `${kept.join(':')}::/${prefix}`;
}

function isTrusted(address: string, hop: number, trusted: TrustedProxies): boolean {
  if ('hops' in trusted) return hop < trusted.hops;
  const groups = parseAddress(address);
  return groups !== undefined && trusted.networks.some((network) => containsAddress(network, groups));
}
