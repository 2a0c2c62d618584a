/** What an error says. A message of several causes (a host with two addresses, say) is those of its causes. */
export function toErrorMessage(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(toErrorMessage).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** What an error says of what is behind it: that a `fetch failed` tells nobody why. */
export function toCauseMessage(error: unknown): string {
  return toErrorMessage(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}

/** The kind of an error: its message may hold an address or a part of an email. Undefined where it has none. */
export function toErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  // A code of the DOM's is a number, and its name says it.
  const kinds: unknown[] = ['slug', 'code', 'name'].map((key) => Reflect.get(error, key));
  return kinds.find((kind) => typeof kind === 'string' && /^[\w-]{1,64}$/.test(kind)) as string | undefined;
}
