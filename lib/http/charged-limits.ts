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
  /** Gives back what was not settled and is not kept with this status. */
  readonly finish: (status: number) => Promise<void>;
}

interface Ledger {
  readonly rateLimits: Pick<RateLimitStore, 'refund'>;
  charges: readonly Charge[];
  /** Given back, or kept for good. */
  readonly settled: Set<Charge>;
}

export function createChargedLimits<Limits extends string>(
  rateLimits: Pick<RateLimitStore, 'refund'>,
  policies: readonly (Policy & { readonly name: Limits })[],
  charges: readonly Charge[],
): ChargedLimits<Limits> {
  const ledger: Ledger = { rateLimits, charges, settled: new Set() };
  const limits = policies.map(({ name }) => [name, toLimit(ledger, name)] as const);
  return {
    // A policy that this request has nothing to be counted by, such as a mailbox without an address, took nothing.
    limits: Object.fromEntries(limits) as Record<Limits, ChargedLimit>,
    finish: (status) => giveBack(ledger, (charge) => isGivenBack(charge, status)),
  };
}

function toLimit(ledger: Ledger, name: string): ChargedLimit {
  // By its name: whoever is counted twice is charged to a looser limit, too.
  const own = ({ check }: Charge) => check.policy.name === name;
  return {
    get exceeded() {
      return ledger.charges.some((charge) => own(charge) && charge.exceeded);
    },
    refund: () => giveBack(ledger, own),
    settle: async (kept) => {
      if (!kept) return giveBack(ledger, own);
      const charges = ledger.charges.filter((charge) => own(charge) && !ledger.settled.has(charge));
      for (const charge of charges) ledger.settled.add(charge);
      await Promise.all(charges.map(({ check }) => ledger.rateLimits.refund(toUntaken(check))));
    },
    checkDevice: (readSince) => checkDevice(ledger, own, readSince),
  };
}

async function checkDevice(
  ledger: Ledger,
  own: (charge: Charge) => boolean,
  readSince: Parameters<ChargedLimit['checkDevice']>[0],
): Promise<void> {
  const device = ledger.charges.find(own)?.device;
  if (!device) return;
  const since = await readSince();
  if (since && device.issuedAt >= since) return;
  try {
    const charge = await device.countAsStranger();
    await giveBack(ledger, own);
    ledger.charges = [...ledger.charges, charge];
  } catch (refusal) {
    // As at every other refusal by a limit it counts against none, but for what counts every request: this one has cost a
    // statement, and whoever holds such a token could ask for as many as they like.
    await giveBack(
      ledger,
      ({ check: { policy } }) => policy.keyedBy !== 'address' || policy.counts === 'failures',
    );
    throw refusal;
  }
}

/** What was settled before stays as it is. */
async function giveBack(
  { rateLimits, charges, settled }: Ledger,
  concerns: (charge: Charge) => boolean,
): Promise<void> {
  const open = charges.filter((charge) => concerns(charge) && !settled.has(charge));
  for (const charge of open) settled.add(charge);
  await Promise.all(open.map(({ check }) => rateLimits.refund(check)));
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
