/** The outbox as functions see it. An email is written by SQL, in the statement of what it announces (`enqueue.ts`). */

export interface Outbox {
  /** Has what waits sent soon, without making the answer wait for it. */
  readonly wake: () => void;
  /** Sends what is due, and tells what became of it. */
  readonly deliver: () => Promise<Delivery>;
}

/** How many emails were sent, failed and will be tried again, or were given up. */
export interface Delivery {
  readonly sent: number;
  readonly failed: number;
  readonly dead: number;
}
