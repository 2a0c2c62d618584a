/** A bound on how long a promise is waited for: of the database, and of whatever else may hang. */

/**
 * What `work` comes to, if it does so in time. The work itself is the caller's to end.
 *
 * @param toError makes the error of lateness, told the milliseconds that were waited, and may end the work; without it one that
 * says them
 * @throws what `toError` makes, after that many milliseconds
 *
 * @example
 * await withDeadline(500, ping());
 */
export function withDeadline<Result>(
  milliseconds: number,
  work: Promise<Result>,
  toError: (milliseconds: number) => unknown = toLate,
): Promise<Result> {
  // One promise, and no race of two: each check of the limiter comes by here.
  return new Promise((resolve, reject) => {
    // After a blocked event loop, timers come before the sockets: an answer that has arrived is read first.
    const timer = setTimeout(() => setImmediate(() => reject(toError(milliseconds))), milliseconds);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

function toLate(milliseconds: number): Error {
  return new Error(`no answer in ${milliseconds} ms`);
}
