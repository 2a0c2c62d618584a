/** How often keys were used, and when last, as one process counted it and nobody has written down yet. */

/** One key on one day (UTC). */
export interface UsageCount {
  readonly keyId: string;
  readonly day: string;
  readonly requests: number;
  /** Of them, over a limit. */
  readonly refused: number;
}

/** When and from where a key was let in that had not been for long. */
export interface KeyUse {
  readonly keyId: string;
  /** By the database's clock. */
  readonly at: Date;
  readonly address: string;
}

export interface Usage {
  readonly counts: readonly UsageCount[];
  readonly uses: readonly KeyUse[];
}

/** Keys and days that are counted at once, and keys that are noted: what comes on top, where nothing can be written, is lost. */
const mostCounts = 20_000;

type Counter = { -readonly [Name in keyof UsageCount]: UsageCount[Name] };

const millisecondsOfDay = 86_400_000;

export class KeyUsage {
  #counters = new Map<string, Counter>();
  #uses = new Map<string, KeyUse>();
  #hasNewUse = false;
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

  /** A later use takes the place of an earlier one of the same key. */
  note(use: KeyUse): void {
    if (this.#uses.size >= mostCounts) return;
    this.#uses.set(use.keyId, use);
    this.#hasNewUse = true;
  }

  /** Whether a use was noted since the last call of `take`. */
  get hasNewUse(): boolean {
    return this.#hasNewUse;
  }

  /** What was counted and noted since the last call. */
  take(): Usage {
    const taken = { counts: [...this.#counters.values()], uses: [...this.#uses.values()] };
    this.#counters = new Map();
    this.#uses = new Map();
    this.#hasNewUse = false;
    return taken;
  }

  /** What could not be written is kept for the next time. */
  giveBack({ counts, uses }: Usage): void {
    for (const use of uses) {
      if (this.#uses.size < mostCounts && !this.#uses.has(use.keyId)) this.#uses.set(use.keyId, use);
    }
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
