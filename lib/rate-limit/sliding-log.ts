/**
 * The exact log of one key: who took how much and when, oldest first. A ring over typed arrays, so that a check
 * leaves no garbage; it grows with what is counted, not with the limit. An entry is 24 bytes.
 */

// A repeated id is looked for among this many newest entries: all of them up to this limit, and above it the price
// of a check stays the same whatever the limit is.
const remembered = 128;

// In place of an id, which is never negative.
const othersId = -1;
const reservedId = -2;

export class SlidingLog {
  used = 0;
  /** Units of `used` that other processes took, as far as `follow` was told. */
  #others = 0;
  #followedAt = 0;
  #reserved = false;
  #times = new Float64Array(4);
  #ids = new Float64Array(4);
  #costs = new Float64Array(4);
  #oldest = 0;
  #size = 0;

  /** Drops what was taken at `until` or before. */
  drop(until: number): void {
    while (this.#size > 0 && (this.#times[this.#oldest] ?? 0) <= until) {
      this.#discount(this.#oldest, this.#costs[this.#oldest] ?? 0);
      this.#oldest = this.#at(1);
      this.#size -= 1;
    }
  }

  has(id: number): boolean {
    const end = Math.max(0, this.#size - remembered);
    for (let nth = this.#size - 1; nth >= end; nth -= 1) if (this.#ids[this.#at(nth)] === id) return true;
    return false;
  }

  add(time: number, id: number, cost: number): void {
    if (this.#size === this.#times.length) this.#grow();
    this.#set(this.#at(this.#size), time, id, cost);
    this.#size += 1;
    this.used += cost;
    if (id === othersId) this.#others += cost;
  }

  remove(id: number): void {
    for (let nth = this.#size - 1; nth >= 0; nth -= 1) {
      const found = this.#at(nth);
      if (this.#ids[found] !== id) continue;
      this.#discount(found, this.#costs[found] ?? 0);
      for (let later = nth; later < this.#size - 1; later += 1)
        this.#copy(this.#at(later + 1), this.#at(later));
      this.#size -= 1;
      return;
    }
  }

  /**
   * Makes `used` what the shared store says it is: what was not taken here was taken by others, at `time` at the latest.
   * What was taken here stays, even where that store forgot it.
   */
  follow(used: number, time: number): void {
    if (this.#reserved) this.remove(reservedId);
    this.#reserved = false;
    this.#followedAt = time;
    if (used > this.used) this.add(time, othersId, used - this.used);
    else this.#forgetOthers(this.used - used);
  }

  /**
   * Leaves the others their share of `remaining` units for as long as what they took is counted: as much as they had of
   * what is used, but not the last unit. Without it each process that heard of the same units would give out all of them.
   */
  reserve(remaining: number): void {
    if (this.#reserved || this.#others === 0) return;
    this.#reserved = true;
    const share = Math.min(Math.ceil((remaining * this.#others) / this.used), remaining - 1);
    if (share > 0) this.add(this.#followedAt, reservedId, share);
  }

  /** When the entry was taken whose leaving frees the `units`-th unit; `undefined` when fewer are counted. */
  takenAt(units: number): number | undefined {
    let freed = 0;
    for (let nth = 0; nth < this.#size; nth += 1) {
      freed += this.#costs[this.#at(nth)] ?? 0;
      if (freed >= units) return this.#times[this.#at(nth)];
    }
    return undefined;
  }

  #forgetOthers(units: number): void {
    let left = Math.min(units, this.#others);
    for (let nth = 0; left > 0 && nth < this.#size; nth += 1) {
      const found = this.#at(nth);
      if (this.#ids[found] !== othersId) continue;
      const cost = this.#costs[found] ?? 0;
      const forgotten = Math.min(left, cost);
      left -= forgotten;
      this.#discount(found, forgotten);
      this.#costs[found] = cost - forgotten;
      if (forgotten < cost) return;
      for (let older = nth; older > 0; older -= 1) this.#copy(this.#at(older - 1), this.#at(older));
      this.#oldest = this.#at(1);
      this.#size -= 1;
      nth -= 1;
    }
  }

  #discount(index: number, cost: number): void {
    this.used -= cost;
    if (this.#ids[index] === othersId) this.#others -= cost;
  }

  // The length is a power of two, so the ring closes by a mask.
  #at(nth: number): number {
    return (this.#oldest + nth) & (this.#times.length - 1);
  }

  #set(index: number, time: number, id: number, cost: number): void {
    this.#times[index] = time;
    this.#ids[index] = id;
    this.#costs[index] = cost;
  }

  #copy(from: number, to: number): void {
    this.#set(to, this.#times[from] ?? 0, this.#ids[from] ?? 0, this.#costs[from] ?? 0);
  }

  #grow(): void {
    this.#times = unrolled(this.#times, this.#oldest);
    this.#ids = unrolled(this.#ids, this.#oldest);
    this.#costs = unrolled(this.#costs, this.#oldest);
    this.#oldest = 0;
  }
}

function unrolled(ring: Float64Array<ArrayBuffer>, oldest: number): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(ring.length * 2);
  twice.set(ring.subarray(oldest));
  twice.set(ring.subarray(0, oldest), ring.length - oldest);
  return twice;
}
