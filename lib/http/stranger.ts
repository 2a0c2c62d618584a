/**
 * A caller whom only the database can tell counts as a stranger until it has: against the address, and before it is asked. So
 * invented credentials cost as many look-ups as one address may ask for, in all processes together.
 */
import type { Awaitable } from '../core/awaitable.ts';
import type { Charged, LimitRule } from './limit-rule.ts';
import type { FunctionContext } from './services.ts';

export interface Stranger {
  /** @throws {Problem} `quota-exceeded` */
  readonly charge: () => Promise<void>;
  /** Undefined where nothing was charged, or the limits let nothing pass. */
  readonly charged: () => Charged | undefined;
  /** Gives back what was charged to the address, while the caller who is known now is charged. */
  readonly settle: (charge: () => Awaitable<Charged>) => Awaitable<Charged>;
}

export function createStranger(c: FunctionContext, limits: LimitRule, address: string): Stranger {
  let charged: Charged | undefined;

  async function giveBack(): Promise<void> {
    const { charges = [] } = charged ?? {};
    await Promise.all(charges.map(({ check }) => c.env.rateLimits.refund(check)));
  }

  async function settle(charge: () => Awaitable<Charged>): Promise<Charged> {
    const giving = giveBack();
    try {
      return await charge();
    } finally {
      await giving;
    }
  }

  return {
    charge: async () => {
      charged = await limits.charge(c, { address, caller: undefined, input: undefined }, undefined);
    },
    charged: () => charged,
    settle: (charge) => (charged ? settle(charge) : charge()),
  };
}
