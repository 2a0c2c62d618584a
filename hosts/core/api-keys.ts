/**
 * API keys of a bundle. No process lives on here to write down how often they were used: that goes on behind an answer, when the
 * last time is a minute ago, or at once where a key is let in that had not been used for long: it may be the only one for today.
 */
import type { Sql } from '../../db/sql.ts';
import { writeUsage, writeUsageEveryMs } from '../../lib/api-keys/usage-writing.ts';
import { createApiKeys } from '../../lib/http/api-keys.ts';

/** @param options.sharesLookUps as `createApiKeys` has it */
export function createKeyParts(options: { readonly sharesLookUps: boolean }) {
  const apiKeys = createApiKeys(options);
  let writtenAt = apiKeys.now();
  return {
    apiKeys,
    /**
     * @param isLast whether nobody will write after this
     * @returns undefined where it is not time yet
     */
    writeUsage: (sql: Sql, isLast = false): Promise<void> | undefined => {
      const time = apiKeys.now();
      if (!isLast && !apiKeys.usage.hasNewUse && time - writtenAt < writeUsageEveryMs) return undefined;
      writtenAt = time;
      return writeUsage(sql, apiKeys.usage);
    },
  };
}
