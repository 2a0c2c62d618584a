/** A process that is busy with something else, such as its first requests: it reads nothing, and its timers are late. */

export function holdUp(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
