/** What a process knows of API keys without asking: a service, because a bundle keeps nothing at module level. */
import { FreshCache } from '../core/fresh-cache.ts';
import type { KeyCaller } from './guarded-request.ts';
import { KeyUsage } from './key-usage.ts';

/** A key that was good when it was looked up: its newest text, or the one before that as long as it goes on. */
export interface ApiKeyRecord {
  readonly caller: KeyCaller;
  /** By `ApiKeys.now`, before it was asked for. */
  readonly lookedUpAt: number;
  /** Milliseconds since then; undefined for ever. */
  readonly expiresInMs: number | undefined;
  /** The same of a text that was replaced; undefined of the newest. */
  readonly replacedInMs: number | undefined;
}

export interface ApiKeys {
  /** By what was presented: its hash, so that a wrong secret is known no other way than a key that nobody has. */
  readonly records: FreshCache<ApiKeyRecord>;
  readonly usage: KeyUsage;
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
  return { records, usage: new KeyUsage(), now };
}
