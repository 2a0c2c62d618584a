/** The end of a process that serves by a `fetch` of its own: SIGTERM, the requests under way, the connections, exit. */
import type { Host, Invocation } from './host.ts';

// As long as the router waits for requests that are under way.
const graceMs = 15_000;

/**
 * Follows every request, so that none is dropped: the server itself belongs to the runtime.
 *
 * @param exit how this runtime ends its process
 */
export function createDrain(host: Host, exit: () => void) {
  const underWay = new Set<Promise<unknown>>();

  function follow<Result>(work: Promise<Result>): Promise<Result> {
    const settled = work
      .catch(() => undefined)
      .finally(() => {
        underWay.delete(settled);
      });
    underWay.add(settled);
    return work;
  }

  async function stop(): Promise<void> {
    host.drain();
    const late = setTimeout(exit, graceMs);
    while (underWay.size > 0) await Promise.all(underWay);
    // The answer is made by now, and is written as the event loop goes on.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await host.close();
    clearTimeout(late);
    exit();
  }

  const background: Invocation['background'] = (work) => void follow(work);
  return { follow, background, stop };
}
