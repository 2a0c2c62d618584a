/**
 * What stands in place of the HTTP client of `@upstash/redis` in the container: whatever is asked within one turn of the event
 * loop goes in one `/pipeline`, by connections that stay.
 */
import type { Requester } from '@upstash/redis';
import { batchByTurn } from '../../../db/batch.ts';
import type { Answer } from '../../../lib/rate-limit/redis-pipelines.ts';
import { createRestConnections } from '../../core/rest-connections.ts';

/** The commands of one caller, in the order of their answers. */
interface Question {
  readonly commands: readonly unknown[];
  answers: readonly Answer[];
}

export interface CoalescedRequester extends Requester {
  readonly close: () => void;
}

/**
 * A request that takes longer than `deadlineMs` fails, and its connection is not used again.
 *
 * @example const redis = new Redis(createCoalescedRequester({ url, token }));
 */
export function createCoalescedRequester(options: {
  url: string;
  token: string;
  deadlineMs?: number | undefined;
  /** Of the first who asks: a batch is of many. */
  traceHeaders?: (() => Readonly<Record<string, string>>) | undefined;
}): CoalescedRequester {
  const { send, close } = createRestConnections(options);
  const askAll = batchByTurn(answer);

  /** Notes the answers on the questions. */
  async function answer(questions: readonly Question[]): Promise<void> {
    const answers = await send(questions.flatMap(({ commands }) => commands));
    let next = 0;
    for (const question of questions) {
      question.answers = answers.slice(next, (next += question.commands.length));
    }
  }

  async function ask(commands: readonly unknown[]): Promise<readonly Answer[]> {
    const question: Question = { commands, answers: [] };
    await askAll([question]);
    return question.answers;
  }

  return {
    // The interface leaves the type of an answer to whoever asks.
    request: async <Result>({ path = [], body }: { path?: string[]; body?: unknown }) => {
      if (path[0] === 'pipeline' && Array.isArray(body))
        return (await ask(body)) as Result as { result?: Result };
      const [answer] = await ask([body]);
      return answer as { result?: Result; error?: string };
    },
    close,
  };
}
