import { Outage } from './outage.ts';

/**
 * What `work` comes to, if it does so in time.
 *
 * @throws {Outage} after that many milliseconds; the work itself is the caller's to end.
 */
export async function withDeadline<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const missed = new Promise<never>((_, reject) => {
    const outage = new Outage(
      'CONNECTION_HUNG',
      `Postgres did not answer within ${Math.ceil(milliseconds)} ms`,
    );
    // After a blocked event loop, timers come before the sockets: an answer that has arrived is read first.
    timer = setTimeout(() => setImmediate(reject, outage), milliseconds);
  });
  try {
    return await Promise.race([work, missed]);
  } finally {
    clearTimeout(timer);
  }
}
