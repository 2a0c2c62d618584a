/** Who may call: bearer tokens, some of them for reading only. */
import { hash, timingSafeEqual } from 'node:crypto';

type Access = 'full' | 'read';

/**
 * Finds what a token may do; undefined when it is none of ours. Every known token is compared, each in
 * constant time, so that the time taken tells nothing.
 */
export function createAuthorize({
  tokens,
  readOnlyTokens,
}: {
  readonly tokens: readonly string[];
  readonly readOnlyTokens: readonly string[];
}): (token: string) => Access | undefined {
  const known = [
    ...tokens.map((token) => ({ digest: toDigest(token), access: 'full' as const })),
    ...readOnlyTokens.map((token) => ({ digest: toDigest(token), access: 'read' as const })),
  ];
  return function authorize(token) {
    const digest = toDigest(token);
    let access: Access | undefined;
    for (const candidate of known) {
      if (timingSafeEqual(digest, candidate.digest)) access = candidate.access;
    }
    return access;
  };
}

// SHA-256 gives all tokens one length, which the comparison needs.
function toDigest(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
