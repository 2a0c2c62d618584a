/** The limits that a request is counted against, by its guard or behind it: those that `openapi.json` names, and no others. */
import assert from 'node:assert/strict';
import { findOperation, findPath } from '../../contract/document.ts';
import { isRevocationCheck, type RateLimitStore } from '../../lib/rate-limit/store.ts';

export interface WatchedLimits {
  readonly store: RateLimitStore;
  /** @throws {AssertionError} that names the policy which the document lacks */
  readonly assertDocumented: (method: string, url: string) => void;
}

/** For one request: what several do at once can't be told apart. */
export function watchLimits(store: RateLimitStore): WatchedLimits {
  const counted = new Set<string>();
  return {
    store: {
      ...store,
      take: (checks, background) => {
        for (const check of checks) if (!isRevocationCheck(check)) counted.add(check.policy.name);
        return store.take(checks, background);
      },
    },
    assertDocumented: (method, url) => {
      const path = findPath(new URL(url, 'http://localhost').pathname);
      const operation = path && findOperation(path, method === 'HEAD' ? 'GET' : method);
      if (!operation) return;
      const named = operation['x-ratelimit-policies'].map(({ name }) => name);
      const surplus = [...counted].filter((name) => !named.includes(name));
      assert.deepEqual(
        surplus,
        [],
        `${method} ${url}: openapi.json does not name what it is counted against`,
      );
    },
  };
}
