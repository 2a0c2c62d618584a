/** What a process knows of API keys without asking: a service, because a bundle keeps nothing at module level. */
import { FreshCache } from '../core/fresh-cache.ts';
import type { KeyCaller } from './guarded-request.ts';

/** A key that was not revoked when it was looked up. */
export interface ApiKeyRecord {
  readonly caller: KeyCaller;
  readonly hash: Uint8Array;
  /** Of the key before the last rotation, and milliseconds since the look-up for which it goes on. */
  readonly previous: { readonly hash: Uint8Array; readonly forMs: number } | undefined;
  /** Milliseconds since the look-up; undefined for ever. */
  readonly expiresInMs: number | undefined;
  /** By `ApiKeys.now`, before it was asked for. */
  readonly lookedUpAt: number;
}

export interface ApiKeys {
  readonly records: FreshCache<ApiKeyRecord>;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/**
 * A key is known for half a minute; what ends one before that is told by the store of the limits (`RevocationCheck`).
 *
 * @param options.sharesLookUps false where a promise belongs to the request that made it
 */
export function createApiKeys({
  sharesLookUps = true,
  now = () => performance.now(),
}: { sharesLookUps?: boolean; now?: () => number } = {}): ApiKeys {
  const records = new FreshCache<ApiKeyRecord>({
    freshMs: 30_000,
    missingMs: 10_000,
    max: 10_000,
    sharesLookUps,
    now,
  });
  return { records, now };
}
