/** A bound on how long a promise is waited for: of the database, and of whatever else may hang. */

/** How many parts a deadline is waited for in. */
const parts = 5;

/**
 * What `work` comes to, if it does so in time. The work itself is the caller's to end.
 *
 * The time is waited for part by part, and what has arrived is read after each: however long this process is held up at
 * once, by its first requests for instance, no more than one part has passed. Until then it may not even have asked. No clock
 * is read, since that of Workers stands still meanwhile, and in a timer tells when that was due.
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
  // One promise, and no race of two: each check of the limiter comes by here, and most are answered in the first part.
  return new Promise((resolve, reject) => {
    let left = parts;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      // After a blocked event loop, timers come before the sockets: an answer that has arrived is read first.
      timer = setTimeout(() => setImmediate(pass), milliseconds / parts);
    };
    const pass = () => {
      if (--left > 0) wait();
      else if (left === 0) reject(toError(milliseconds));
    };
    const end = () => {
      left = 0;
      clearTimeout(timer);
    };
    wait();
    work.then(
      (result) => {
        end();
        resolve(result);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}

function toLate(milliseconds: number): Error {
  return new Error(`no answer in ${milliseconds} ms`);
}
