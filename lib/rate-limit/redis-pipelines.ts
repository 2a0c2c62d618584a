/** Redis as far as it is asked here: pipelines of commands, and errors that say nothing of what was sent. */

/** What is needed of a client: `@upstash/redis` has it, and so has the thin one of `rest-redis.ts`. */
export interface RedisPipelines {
  readonly pipeline: () => RedisPipeline;
}

interface RedisPipeline {
  readonly evalsha: (sha: string, keys: string[], argv: string[]) => unknown;
  readonly eval: (script: string, keys: string[], argv: string[]) => unknown;
  readonly del: (key: string) => unknown;
  readonly exec: (options: { keepErrors: true }) => Promise<Answer[]>;
}

interface Answer {
  readonly result?: unknown;
  readonly error?: string | undefined;
}

/** Rejects where Redis can't be asked at all; what it refuses is an answer. */
export function ask(pipeline: RedisPipeline): Promise<Answer[]> {
  return pipeline.exec({ keepErrors: true }).catch((error: unknown) => {
    // Without its cause: `@upstash/redis` repeats the whole command in its errors, and those reach the log.
    throw toError(error);
  });
}

/** @throws {Error} where Redis refused, in words for the log */
export function toResult({
  result,
  error = result === undefined ? 'an answer is missing' : undefined,
}: Answer = {}): unknown {
  if (error !== undefined) throw toError(error);
  return result;
}

/** In words for the log. */
export function toError(error: unknown): Error {
  const text = error instanceof Error ? (codeOf(error.cause) ?? error.message) : String(error);
  const [told = ''] = text.split(/, command was|, with args|\n/, 1);
  return new Error(`Redis could not be asked: ${told.slice(0, 120)}`);
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return String(cause.code);
}
