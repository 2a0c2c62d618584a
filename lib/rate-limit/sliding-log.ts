/**
 * The exact log of one key: who took how much and when, oldest first. A ring over one plain array of numbers, so that a
 * check leaves no garbage; it grows with what is counted, not with the limit. An entry is 24 bytes. Most keys take a unit
 * or two, and there a typed array weighs ten times what is in it.
 */

// A repeated id is looked for among this many newest entries: all of them up to this limit, and above it the price
// of a check stays the same whatever the limit is.
const remembered = 128;

// In place of an id, which is never negative.
const othersId = -1;
const reservedId = -2;

/** Numbers that an entry has. */
const width = 3;

export class SlidingLog {
  used = 0;
  /** Units of `used` that other processes took, as far as `follow` was told. */
  #others = 0;
  #followedAt = 0;
  #reserved = false;
  /** Time, id and cost of each entry. */
  #ring = createRing(2);
  #capacity = 2;
  #oldest = 0;
  #size = 0;

  /** Drops what was taken at `until` or before. */
  drop(until: number): void {
    while (this.#size > 0 && this.#time(this.#oldest) <= until) {
      this.#discount(this.#oldest, this.#cost(this.#oldest));
      this.#oldest = this.#at(1);
      this.#size -= 1;
    }
  }

  has(id: number): boolean {
    const end = Math.max(0, this.#size - remembered);
    // Read at their place: of a number that a method returns the engine makes an object, which were two kilobytes a check.
    const ring = this.#ring;
    const mask = this.#capacity - 1;
    for (let nth = this.#oldest + this.#size - 1; nth >= this.#oldest + end; nth -= 1)
      if (ring[(nth & mask) * width + 1] === id) return true;
    return false;
  }

  add(time: number, id: number, cost: number): void {
    if (this.#size === this.#capacity) this.#grow();
    this.#set(this.#at(this.#size), time, id, cost);
    this.#size += 1;
    this.used += cost;
    if (id === othersId) this.#others += cost;
  }

  remove(id: number): void {
    for (let nth = this.#size - 1; nth >= 0; nth -= 1) {
      const found = this.#at(nth);
      if (this.#id(found) !== id) continue;
      this.#discount(found, this.#cost(found));
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
      freed += this.#cost(this.#at(nth));
      if (freed >= units) return this.#time(this.#at(nth));
    }
    return undefined;
  }

  #forgetOthers(units: number): void {
    let left = Math.min(units, this.#others);
    for (let nth = 0; left > 0 && nth < this.#size; nth += 1) {
      const found = this.#at(nth);
      if (this.#id(found) !== othersId) continue;
      const cost = this.#cost(found);
      const forgotten = Math.min(left, cost);
      left -= forgotten;
      this.#discount(found, forgotten);
      this.#set(found, this.#time(found), othersId, cost - forgotten);
      if (forgotten < cost) return;
      for (let older = nth; older > 0; older -= 1) this.#copy(this.#at(older - 1), this.#at(older));
      this.#oldest = this.#at(1);
      this.#size -= 1;
      nth -= 1;
    }
  }

  #discount(index: number, cost: number): void {
    this.used -= cost;
    if (this.#id(index) === othersId) this.#others -= cost;
  }

  // The length is a power of two, so the ring closes by a mask.
  #at(nth: number): number {
    return (this.#oldest + nth) & (this.#capacity - 1);
  }

  #time(index: number): number {
    return this.#ring[index * width] ?? 0;
  }

  #id(index: number): number {
    return this.#ring[index * width + 1] ?? 0;
  }

  #cost(index: number): number {
    return this.#ring[index * width + 2] ?? 0;
  }

  #set(index: number, time: number, id: number, cost: number): void {
    this.#ring[index * width] = time;
    this.#ring[index * width + 1] = id;
    this.#ring[index * width + 2] = cost;
  }

  #copy(from: number, to: number): void {
    this.#set(to, this.#time(from), this.#id(from), this.#cost(from));
  }

  #grow(): void {
    const ring = createRing(this.#capacity * 2);
    for (let nth = 0; nth < this.#size; nth += 1) {
      const from = this.#at(nth) * width;
      for (let field = 0; field < width; field += 1)
        ring[nth * width + field] = this.#ring[from + field] ?? 0;
    }
    this.#ring = ring;
    this.#capacity *= 2;
    this.#oldest = 0;
  }
}

// Filled with what is no small integer, so that the engine keeps plain doubles in it from the start.
const createRing = (capacity: number): number[] => new Array<number>(capacity * width).fill(0.5);
