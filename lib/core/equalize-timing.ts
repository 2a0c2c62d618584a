/**
 * Hides how long an answer took whose time would tell what its text doesn't: whether an account exists. The work is the
 * same either way, but a row that is found takes some microseconds more than one that isn't.
 */

const stepMs = 25;

/** How much later than it is told a timer may fire on a machine with nothing to do: on Deno 1.4 ms, on Node 0.3. */
const timerLateMs = 2;

/**
 * Waits until the next multiple of 25 ms since `startedAt`, a time of `performance.now()`. The outbox is woken only after it:
 * while a process sends an email it has less time for a timer, and the answer that mails would be later by it.
 *
 * A timer waits whole milliseconds, so that with it alone an answer would end as many microseconds beside its step as the
 * work took beside a millisecond. The last part is waited for turn by turn of the event loop, in which other requests go on.
 */
export async function equalizeTiming(startedAt: number): Promise<void> {
  let now = performance.now();
  const end = startedAt + Math.ceil((now - startedAt) / stepMs) * stepMs;
  let stands = false;
  while (now < end) {
    const left = end - now;
    // The clock of Workers stands still between turns and goes on by a timer, which ends at a time of that clock.
    if (stands) await byTimer(left);
    else await (left > timerLateMs + 1 ? byTimer(left - timerLateMs) : byTurn());
    const then = performance.now();
    // One that goes back, or that no timer moves, is not waited for.
    if (then < now || (stands && then === now)) return;
    stands = then === now;
    now = then;
  }
}

const byTimer = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const byTurn = () => new Promise((resolve) => setImmediate(resolve));
