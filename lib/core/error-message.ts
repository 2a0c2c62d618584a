/** What an error says. A message of several causes (a host with two addresses, say) is those of its causes. */
export function toErrorMessage(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(toErrorMessage).join('; ');
  return error instanceof Error ? error.message : String(error);
}
