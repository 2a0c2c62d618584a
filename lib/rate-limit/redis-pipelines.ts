/** Redis as far as it is asked here: pipelines of commands, and errors that say nothing of what was sent. */
import { toCauseMessage } from '../core/error-message.ts';

/** What is needed of a client: `@upstash/redis` has it, and `createPipelines` makes it of whatever sends commands. */
export interface RedisPipelines {
  readonly pipeline: () => RedisPipeline;
}

interface RedisPipeline {
  readonly evalsha: (sha: string, keys: string[], argv: string[]) => unknown;
  readonly eval: (script: string, keys: string[], argv: string[]) => unknown;
  readonly del: (key: string) => unknown;
  readonly exec: (options: { keepErrors: true }) => Promise<Answer[]>;
}

export type Command = readonly string[];

export interface Answer {
  readonly result?: unknown;
  readonly error?: string | undefined;
}

/**
 * Pipelines over whatever sends commands and brings an answer of each. They weigh next to nothing: those of `@upstash/redis`
 * are 78 kB of a bundle, and two hundred functions made anew for each pipeline.
 */
export function createPipelines(send: (commands: readonly Command[]) => Promise<Answer[]>): RedisPipelines {
  return {
    pipeline: () => {
      const commands: Command[] = [];
      const call = (name: string) => (script: string, keys: readonly string[], argv: readonly string[]) =>
        commands.push([name, script, String(keys.length), ...keys, ...argv]);
      return {
        evalsha: call('EVALSHA'),
        eval: call('EVAL'),
        del: (key) => commands.push(['DEL', key]),
        exec: () => send(commands),
      };
    },
  };
}

/** Rejects where Redis can't be asked at all; what it refuses is an answer. */
export function ask(pipeline: RedisPipeline): Promise<Answer[]> {
  return pipeline.exec({ keepErrors: true }).catch((error: unknown) => {
    // Without its cause: `@upstash/redis` repeats the whole command in its errors, and those reach the log.
    throw new Error(`Redis could not be asked: ${toWords(toCauseMessage(error))}`);
  });
}

/** @throws {Error} where Redis refused, in words for the log */
export function toResult({ result, error }: Answer = {}): unknown {
  if (error !== undefined) throw toRefusal(error);
  if (result === undefined) throw new Error('Redis gave no answer');
  return result;
}

/** In words for the log. */
export function toRefusal(error: string): Error {
  return new Error(`Redis refused: ${toWords(error)}`);
}

/** Nothing of what was sent, and no page of a proxy's. */
function toWords(text: string): string {
  const [told = ''] = text.split(/, command was|, with args|\n/, 1);
  return told.slice(0, 200);
}

/** @throws {Error} where a REST route answered something else than a list, with what it says of that */
export function parseAnswers(text: string, status = 0): Answer[] {
  const answers: unknown = status === 200 ? JSON.parse(text) : undefined;
  if (Array.isArray(answers)) return answers;
  const [, said = ''] = /"error":"([^"]*)/.exec(text) ?? [];
  throw new Error(`the REST route answered ${String(status)}${said && `: ${said}`}`);
}
