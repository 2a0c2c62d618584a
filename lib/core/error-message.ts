/** An error in words. A message of several causes (a host with two addresses, say) is those of its causes. */
export function toWords(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(toWords).join('; ');
  return error instanceof Error ? error.message : String(error);
}
