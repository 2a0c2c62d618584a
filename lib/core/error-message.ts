/** What an error says. A message of several causes (a host with two addresses, say) is those of its causes. */
export function toErrorMessage(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(toErrorMessage).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** What an error says of what is behind it: that a `fetch failed` tells nobody why. */
export function toCauseMessage(error: unknown): string {
  return toErrorMessage(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}
