/**
 * Hides how long an answer took whose time would tell what its text doesn't: whether an account exists. The work is the
 * same either way, but a row that is found takes some microseconds more than one that isn't.
 */

const stepMs = 25;

/**
 * Waits until the next multiple of 25 ms since `startedAt`, a time of `performance.now()`. The outbox is woken only after it:
 * while a process sends an email it has less time for a timer, and the answer that mails would be later by it.
 */
export function equalizeTiming(startedAt: number): Promise<void> {
  const elapsed = performance.now() - startedAt;
  return new Promise((resolve) => setTimeout(resolve, Math.ceil(elapsed / stepMs) * stepMs - elapsed));
}
