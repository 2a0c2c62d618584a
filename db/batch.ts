/** What is asked of Postgres or Redis within one turn of the event loop is asked together. */
import { setImmediate } from 'node:timers';

/**
 * Asks for all items of a turn at once: the requests that arrive together have asked by the time their I/O is over. Who is alone
 * waits for nobody: where the last batch was of one, and nothing is on its way, the next one hardly finds company by waiting.
 *
 * @param ask what brings the answer of all; where it rejects, everybody hears of it
 * @param options.most how many items a batch may have that is of more than one call
 * @returns what takes the items of one call, and resolves with the answer of the batch they went in
 *
 * @example
 * const read = batchByTurn((ids: readonly string[]) => readAll(ids), { most: 100 });
 * const rows = await read([id]);
 */
export function batchByTurn<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<Answer>,
  { most = 1000 }: { readonly most?: number } = {},
): (items: readonly Item[]) => Promise<Answer> {
  let gathered: Item[] | undefined;
  let answered: Promise<Answer>;
  let onTheWay = 0;
  let alone = true;

  async function askAfter(over: Promise<void> | undefined, items: readonly Item[]): Promise<Answer> {
    await over;
    if (gathered === items) gathered = undefined;
    onTheWay += 1;
    try {
      return await ask(items);
    } finally {
      onTheWay -= 1;
    }
  }

  return (items) => {
    if (gathered) alone = false;
    if (gathered && gathered.length + items.length <= most) gathered.push(...items);
    else {
      const over =
        alone && onTheWay === 0 ? undefined : new Promise<void>((resolve) => setImmediate(resolve));
      alone = onTheWay === 0;
      gathered = [...items];
      answered = askAfter(over, gathered);
    }
    return answered;
  };
}
