/** How often keys were used, as one process counted it and nobody has written down yet. */

/** One key on one day (UTC). */
export interface UsageCount {
  readonly keyId: string;
  readonly day: string;
  readonly requests: number;
  /** Of them, over a limit. */
  readonly refused: number;
}

/** Keys and days that are counted at once: what comes on top, where nothing can be written, is not counted. */
const mostCounts = 20_000;

type Counter = { -readonly [Name in keyof UsageCount]: UsageCount[Name] };

const millisecondsOfDay = 86_400_000;

export class KeyUsage {
  #counters = new Map<string, Counter>();
  // A text is made once a day, and not at each request.
  #dayNumber = Number.NaN;
  #day = '';

  count(
    keyId: string,
    { refused, at = Date.now() }: { readonly refused: boolean; readonly at?: number },
  ): void {
    const counter = this.#find(keyId, this.#dayOf(at));
    if (!counter) return;
    counter.requests += 1;
    if (refused) counter.refused += 1;
  }

  /** What was counted since the last call. */
  take(): readonly UsageCount[] {
    const taken = [...this.#counters.values()];
    this.#counters = new Map();
    return taken;
  }

  /** What could not be written is counted on. */
  giveBack(counts: readonly UsageCount[]): void {
    for (const { keyId, day, requests, refused } of counts) {
      const counter = this.#find(keyId, day);
      if (!counter) continue;
      counter.requests += requests;
      counter.refused += refused;
    }
  }

  #dayOf(at: number): string {
    const number = Math.floor(at / millisecondsOfDay);
    if (number !== this.#dayNumber) {
      this.#dayNumber = number;
      this.#day = new Date(at).toISOString().slice(0, 10);
    }
    return this.#day;
  }

  /** Undefined where no more fit. */
  #find(keyId: string, day: string): Counter | undefined {
    const name = keyId + day;
    const found = this.#counters.get(name);
    if (found || this.#counters.size >= mostCounts) return found;
    const counter = { keyId, day, requests: 0, refused: 0 };
    this.#counters.set(name, counter);
    return counter;
  }
}
