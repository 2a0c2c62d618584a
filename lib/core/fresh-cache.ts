/** What was looked up a moment ago, and what was not found then: never older than its time, and no more of it than fits. */
import { BoundedMap } from './bounded-map.ts';

export interface FreshCacheOptions {
  /** Milliseconds for which what was found is good, counted from before it was asked for. */
  readonly freshMs: number;
  /** The same for what was not found. */
  readonly missingMs: number;
  /** How many are kept of either. */
  readonly max: number;
  /** Whether who asks for the same at the same time waits for one look-up; not where a promise belongs to its request. */
  readonly sharesLookUps: boolean;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

type LookUp<Value> = (wasFound: boolean) => Promise<Value | undefined>;

interface Kept<Value> {
  readonly value: Value | undefined;
  readonly until: number;
}

export class FreshCache<Value> {
  readonly #options: FreshCacheOptions;
  readonly #now: () => number;
  // Apart, so that a flood of what does not exist pushes nothing out that does.
  readonly #found: BoundedMap<string, Kept<Value>>;
  readonly #missing: BoundedMap<string, Kept<Value>>;
  readonly #underWay = new Map<string, Promise<Value | undefined>>();

  constructor(options: FreshCacheOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#found = new BoundedMap(options.max);
    this.#missing = new BoundedMap(options.max);
  }

  /**
   * What is known, or what `lookUp` finds; it is told whether something was found under this key the last time. Rejects as `lookUp`
   * does, to all who wait for it.
   */
  load(key: string, lookUp: LookUp<Value>): Promise<Value | undefined> {
    const kept = this.#found.get(key) ?? this.#missing.get(key);
    if (kept && this.#now() < kept.until) return Promise.resolve(kept.value);
    if (!this.#options.sharesLookUps) return this.#look(key, lookUp, () => true);
    const underWay = this.#underWay.get(key);
    if (underWay) return underWay;
    const isNewest = () => this.#underWay.get(key) === look;
    const look: Promise<Value | undefined> = this.#look(key, lookUp, isNewest).finally(() => {
      if (isNewest()) this.#underWay.delete(key);
    });
    this.#underWay.set(key, look);
    return look;
  }

  /** Has it looked up again; what is being looked up now is not kept. */
  forget(key: string): void {
    this.#found.delete(key);
    this.#missing.delete(key);
    this.#underWay.delete(key);
  }

  async #look(key: string, lookUp: LookUp<Value>, mayKeep: () => boolean): Promise<Value | undefined> {
    const askedAt = this.#now();
    const value = await lookUp(this.#found.has(key));
    if (!mayKeep()) return value;
    this.#found.delete(key);
    this.#missing.delete(key);
    const { freshMs, missingMs } = this.#options;
    if (value === undefined) this.#missing.set(key, { value, until: askedAt + missingMs });
    else this.#found.set(key, { value, until: askedAt + freshMs });
    return value;
  }
}
