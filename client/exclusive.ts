/** One at a time, in all tabs of an origin (Web Locks API, https://w3c.github.io/web-locks/), where there is such a thing. */

interface Locks {
  readonly request: <Result>(
    name: string,
    options: { readonly signal: AbortSignal } | { readonly ifAvailable: true },
    work: (lock: object | null) => Promise<Result>,
  ) => Promise<Result>;
}

interface Page {
  readonly navigator?: { readonly locks?: Locks };
}

/** Milliseconds to wait for another tab, which may have been frozen. Two refreshes at once get the same tokens. */
const longestWaitMs = 5000;

/**
 * @param name of the lock; without one, nobody else is waited for
 * @param work is told whether somebody else was at it before
 */
export async function exclusively<Result>(
  name: string | undefined,
  work: (waited: boolean) => Promise<Result>,
): Promise<Result> {
  const { locks } = (globalThis as Page).navigator ?? {};
  if (name === undefined || !locks) return work(false);
  let granted = false;
  const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) =>
    lock ? { result: await work(false) } : undefined,
  );
  if (atOnce) return atOnce.result;
  try {
    return await locks.request(name, { signal: AbortSignal.timeout(longestWaitMs) }, () => {
      granted = true;
      return work(true);
    });
  } catch (error) {
    if (granted) throw error;
    return work(true);
  }
}
