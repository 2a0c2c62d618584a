/** IP addresses and networks: parsing, the canonical text, and what lies in which network. */

/**
 * Four groups of 8 bits or eight of 16; a port, brackets and a zone are dropped, `::ffff:a.b.c.d` is IPv4. Undefined for a
 * text that is no address.
 */
export function parseAddress(text: string): readonly number[] | undefined {
  if (text.length > 64) return undefined;
  const [, bracketed] = text.match(/^\[([^\]]*)\](?::\d{1,5})?$/) ?? [];
  const bare = bracketed ?? text.replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, '$1');
  if (!bare.includes(':')) return parseIpv4(bare);
  const groups = parseIpv6(bare.replace(/%[\w.-]+$/, ''));
  const mapped = groups?.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (!groups || !mapped) return groups;
  return groups.slice(6).flatMap((group) => [group >>> 8, group & 0xff]);
}

function parseIpv4(text: string): readonly number[] | undefined {
  return isIpv4(text) ? text.split('.').map(Number) : undefined;
}

/** Without leading zeros, as the canonical text is. */
function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/.test(text) && !text.endsWith('.');
}

/** RFC 4291, section 2.2. */
function parseIpv6(text: string): readonly number[] | undefined {
  const dotted = text.match(/^(.*:)(\d+\.\d+\.\d+\.\d+)$/);
  const tail = dotted?.[2] === undefined ? undefined : parseIpv4(dotted[2]);
  if (dotted && !tail) return undefined;
  const hex =
    dotted && tail
      ? `${dotted[1]}${tail.reduce((sum, byte, index) => sum + byte.toString(16).padStart(2, '0') + (index === 1 ? ':' : ''), '')}`
      : text;
  const halves = hex.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}

/** The canonical text of an address, undefined for a text that is none. */
export function toCanonicalAddress(text: string): string | undefined {
  // Every request has one, and most have this form already.
  return isIpv4(text) ? text : formatAddress(parseAddress(text));
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
function formatAddress(groups: readonly number[] | undefined): string | undefined {
  if (groups?.length !== 8) return groups?.join('.');
  const text = groups.map((group) => group.toString(16)).join(':');
  const longest = [...text.matchAll(/(?<![^:])0(?::0)+(?![^:])/g)].reduce<RegExpExecArray | undefined>(
    (best, run) => (best && best[0].length >= run[0].length ? best : run),
    undefined,
  );
  if (!longest) return text;
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

/** Whether the text is an address with a prefix length, for the settings to check. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** Whether the address, in its groups, lies in the network; never in one that is malformed or of the other version. */
export function containsAddress(network: string, address: readonly number[]): boolean {
  const parsed = parseNetwork(network);
  if (parsed === undefined || parsed.groups.length !== address.length) return false;
  const width = groupWidth(address);
  return parsed.groups.every((group, index) => {
    const bits = Math.min(width, Math.max(0, parsed.prefix - index * width));
    const unmasked = width - bits;
    return group >>> unmasked === (address[index] ?? 0) >>> unmasked;
  });
}

function parseNetwork(text: string): { groups: readonly number[]; prefix: number } | undefined {
  const [, address = '', length = ''] = text.match(/^(.+)\/(\d{1,3})$/) ?? [];
  const groups = parseAddress(address);
  const prefix = Number(length);
  if (groups === undefined || length === '' || prefix > groups.length * groupWidth(groups)) return undefined;
  return { groups, prefix };
}

const groupWidth = (groups: readonly number[]) => (groups.length === 4 ? 8 : 16);
