/** Has the tables swept for as long as the process lives. */
import { findOutage } from '../../db/outage.ts';
import type { Sql } from '../../db/sql.ts';
import type { Log } from '../../lib/core/log.ts';
import { type Retention, sweep } from '../../lib/core/retention.ts';

export interface SweeperParts {
  readonly database: { readonly sql: Sql };
  readonly retention: Retention;
  readonly log: Log;
}

export interface Sweeper {
  /** Resolves when the batch that is under way has ended. */
  readonly stop: () => Promise<void>;
}

const pauseMs = 600_000;

/** Half a minute is some hundred thousand rows: far more than ten minutes of a busy site leave behind. */
const sweepForMs = 30_000;

/** Sweeps now, and again ten minutes after each end. */
export function startSweeper({ database, retention, log }: SweeperParts): Sweeper {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let underWay = run();

  async function run(): Promise<void> {
    const endAt = performance.now() + sweepForMs;
    try {
      const totals = await sweep(database.sql, retention, () => !stopped && performance.now() < endAt);
      const { auditEvents: audit_events, apiKeys: api_keys, ...others } = totals;
      const swept = { ...others, api_keys, audit_events };
      if (Object.values(swept).some((rows) => rows > 0)) log.info('swept', swept);
    } catch (cause) {
      const outage = findOutage(cause);
      if (outage) log.warn('the sweep waits for the database', { code: outage.code, cause: outage.message });
      else log.error('the sweep failed', {}, cause);
    }
    if (stopped) return;
    timer = setTimeout(() => {
      underWay = run();
    }, pauseMs).unref();
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
