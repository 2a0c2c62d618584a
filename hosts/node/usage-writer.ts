/** Has the use of API keys written down for as long as the process lives. */
import { findOutage } from '../../db/outage.ts';
import type { Sql } from '../../db/sql.ts';
import { writeUsage, writeUsageEveryMs } from '../../lib/api-keys/usage-writing.ts';
import type { Log } from '../../lib/core/log.ts';
import type { KeyUsage } from '../../lib/http/key-usage.ts';

export interface UsageWriterParts {
  readonly database: { readonly sql: Sql };
  readonly usage: KeyUsage;
  readonly log: Pick<Log, 'warn' | 'error'>;
}

export interface UsageWriter {
  /** Writes what is left. */
  readonly stop: () => Promise<void>;
}

export function startUsageWriter({ database, usage, log }: UsageWriterParts): UsageWriter {
  async function write(): Promise<void> {
    try {
      await writeUsage(database.sql, usage);
    } catch (cause) {
      const outage = findOutage(cause);
      if (!outage) return log.error('the use of API keys is not written', {}, cause);
      const { code, message } = outage;
      log.warn('the use of API keys waits for the database', { code, cause: message });
    }
  }

  let underWay = Promise.resolve();
  const timer = setInterval(() => {
    underWay = underWay.then(write);
  }, writeUsageEveryMs).unref();

  return {
    stop: async () => {
      clearInterval(timer);
      await underWay.then(write);
    },
  };
}
