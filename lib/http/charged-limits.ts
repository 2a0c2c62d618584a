/** What a request has taken of its limits: how a handler settles it, and what is given back when it has been answered. */
import type { Check, Policy, RateLimitStore } from '../rate-limit/store.ts';
import type { ChargedLimit } from './guarded-request.ts';

/** What a request was counted as, and whether that was over a silent policy's limit. */
export interface Charge {
  readonly check: Check;
  readonly exceeded: boolean;
  /** Where a device token named the client: whether it still may, only the account's row tells (`ChargedLimit.checkDevice`). */
  readonly device?: {
    readonly issuedAt: Date;
    /** @throws {Problem} `quota-exceeded`, unless the policy is silent */
    readonly countAsStranger: () => Promise<Charge>;
  };
}

export interface ChargedLimits<Limits extends string> {
  readonly limits: Readonly<Record<Limits, ChargedLimit>>;
  /** Gives back what was refunded, and what was not settled and is not kept with this status; undefined where nothing is. */
  readonly finish: (status: number) => Promise<void> | undefined;
}

/** @param policies of whom this request may have nothing to be counted by, such as a mailbox without an address */
export function createChargedLimits<Limits extends string>(
  rateLimits: Pick<RateLimitStore, 'refund'>,
  policies: readonly (Policy & { readonly name: Limits })[],
  charges: readonly Charge[],
): ChargedLimits<Limits> {
  const ledger = new Ledger(rateLimits, charges);
  const limits: Record<string, ChargedLimit> = {};
  for (const { name } of policies) limits[name] = new LedgerLimit(ledger, name);
  return {
    limits: limits as Record<Limits, ChargedLimit>,
    finish: (status) =>
      ledger.giveBack((charge) => ledger.due.has(charge.check.policy.name) || isGivenBack(charge, status)),
  };
}

/** What the request took and has neither given back nor been made to keep for good. */
class Ledger {
  readonly #rateLimits: Pick<RateLimitStore, 'refund'>;
  charges: readonly Charge[];
  /** The policies of which all is given back once there is an answer, whatever it says. */
  readonly due = new Set<string>();
  readonly #settled: Charge[] = [];

  constructor(rateLimits: Pick<RateLimitStore, 'refund'>, charges: readonly Charge[]) {
    this.#rateLimits = rateLimits;
    this.charges = charges;
  }

  /** What was settled before stays as it is. */
  giveBack(concerns: (charge: Charge) => boolean): Promise<void> | undefined {
    return this.#settle(concerns, (check) => check);
  }

  /** By the same calls to the store. */
  keep(concerns: (charge: Charge) => boolean): Promise<void> | undefined {
    return this.#settle(concerns, toUntaken);
  }

  #settle(
    concerns: (charge: Charge) => boolean,
    toRefund: (check: Check) => Check,
  ): Promise<void> | undefined {
    const open = this.charges.filter((charge) => concerns(charge) && !this.#settled.includes(charge));
    // Most requests have nothing to settle, and no reason to wait.
    if (open.length === 0) return undefined;
    this.#settled.push(...open);
    return Promise.all(open.map(({ check }) => this.#rateLimits.refund(toRefund(check)))).then(
      () => undefined,
    );
  }
}

/** The charges of one policy, and of the looser ones beside it that have its name. */
class LedgerLimit implements ChargedLimit {
  readonly #ledger: Ledger;
  readonly #name: string;

  constructor(ledger: Ledger, name: string) {
    this.#ledger = ledger;
    this.#name = name;
  }

  readonly #isOwn = ({ check }: Charge) => check.policy.name === this.#name;

  get exceeded(): boolean {
    return this.#ledger.charges.some((charge) => this.#isOwn(charge) && charge.exceeded);
  }

  refund(): void {
    this.#ledger.due.add(this.#name);
  }

  async settle(kept: boolean): Promise<void> {
    await (kept ? this.#ledger.keep(this.#isOwn) : this.#ledger.giveBack(this.#isOwn));
  }

  async checkDevice(readSince: () => Promise<Date | undefined>): Promise<void> {
    const device = this.#ledger.charges.find(this.#isOwn)?.device;
    if (!device) return;
    const since = await readSince();
    if (since && device.issuedAt >= since) return;
    try {
      const charge = await device.countAsStranger();
      await this.#ledger.giveBack(this.#isOwn);
      this.#ledger.charges = [...this.#ledger.charges, charge];
    } catch (refusal) {
      // As at every other refusal by a limit it counts against none, but for what counts every request: this one has cost a
      // statement, and whoever holds such a token could ask for as many as they like.
      await this.#ledger.giveBack(
        ({ check: { policy } }) => policy.keyedBy !== 'address' || policy.counts === 'failures',
      );
      throw refusal;
    }
  }
}

function isGivenBack({ check: { policy } }: Charge, status: number): boolean {
  // Only a flow knows whether it has mailed anything; what says nothing of it has not.
  if (policy.keyedBy === 'mailbox') return true;
  // A password that nobody could look at was no failed one.
  return status === 503 ? policy.keyedBy === 'account' : status < 400 && policy.counts === 'failures';
}

/** Nothing was ever taken under its id. */
function toUntaken(check: Check): Check {
  return { ...check, id: crypto.randomUUID() };
}
