/** What remote-clients.ts runs in the other network: it does as it is told, one thing after the other. */
import { type Load, type Person, startLoad, type Tally, trust } from './edge-client.ts';

export type Order =
  | { readonly kind: 'trust'; readonly authority: string; readonly host: string }
  | { readonly kind: 'start'; readonly people: readonly Person[]; readonly perSecond: number }
  | { readonly kind: 'answered'; readonly count: number }
  | { readonly kind: 'stop' };

export interface Reply {
  /** Of an order to stop. */
  readonly ended?: { readonly tally: Tally; readonly people: readonly Person[] };
}

let current: { readonly load: Load; readonly people: readonly Person[] } | undefined;

async function obey(order: Order): Promise<Reply> {
  if (order.kind === 'trust') {
    trust(order.authority, order.host);
    return {};
  }
  if (order.kind === 'start') {
    current = { load: startLoad(order.people, order), people: order.people };
    return {};
  }
  if (!current) throw new Error(`nobody has started: ${order.kind}`);
  if (order.kind === 'answered') {
    await current.load.answered(order.count);
    return {};
  }
  return { ended: { tally: await current.load.stop(), people: current.people } };
}

process.on('message', (order: Order) => void obey(order).then((reply) => process.send?.(reply)));
process.send?.({});
