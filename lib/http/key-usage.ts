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

export class KeyUsage {
  #counts = new Map<string, UsageCount>();

  count(
    keyId: string,
    { refused, at = new Date() }: { readonly refused: boolean; readonly at?: Date },
  ): void {
    this.#add({ keyId, day: at.toISOString().slice(0, 10), requests: 1, refused: refused ? 1 : 0 });
  }

  /** What was counted since the last call. */
  take(): readonly UsageCount[] {
    const taken = [...this.#counts.values()];
    this.#counts = new Map();
    return taken;
  }

  /** What could not be written is counted on. */
  giveBack(counts: readonly UsageCount[]): void {
    for (const count of counts) this.#add(count);
  }

  #add({ keyId, day, requests, refused }: UsageCount): void {
    const name = `${keyId} ${day}`;
    const counted = this.#counts.get(name);
    if (!counted && this.#counts.size >= mostCounts) return;
    this.#counts.set(name, {
      keyId,
      day,
      requests: (counted?.requests ?? 0) + requests,
      refused: (counted?.refused ?? 0) + refused,
    });
  }
}
