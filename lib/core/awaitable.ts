/**
 * A value that is there already or will be. An `await` waits for either, and who awaits is waited for in turn, up to the host:
 * on Node, an answer that waited for nothing is written at less cost (hosts/node/server.ts).
 */
export type Awaitable<Value> = Value | Promise<Value>;

/** What `await` and then `step` would do, at once where there is nothing to wait for. */
export function andThen<Value, Result>(
  value: Awaitable<Value>,
  step: (value: Value) => Awaitable<Result>,
): Awaitable<Result> {
  return value instanceof Promise ? value.then(step) : step(value);
}

// Told apart by a member of its own: whatever is thrown is a refusal, `undefined` too.
export type Settled<Value> =
  | { readonly refused: false; readonly value: Value }
  | { readonly refused: true; readonly value?: undefined; readonly refusal: unknown };

/** How a step ended, for who goes on either way. */
export function settle<Value>(step: () => Awaitable<Value>): Awaitable<Settled<Value>> {
  try {
    const value = step();
    return value instanceof Promise ? value.then(toAccepted, toRefused) : toAccepted(value);
  } catch (refusal) {
    return toRefused(refusal);
  }
}

const toAccepted = <Value>(value: Value) => ({ refused: false, value }) as const;
const toRefused = (refusal: unknown) => ({ refused: true, refusal }) as const;
