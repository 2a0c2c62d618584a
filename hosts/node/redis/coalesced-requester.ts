/**
 * The container's short way to the REST endpoint: `node:http` with connections that stay, and whatever is asked within one
 * turn of the event loop in one `/pipeline`. It stands in place of the HTTP client of `@upstash/redis`, whose `fetch`
 * is the larger part of a check's latency.
 */
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Requester } from '@upstash/redis';
import { batchByTurn } from '../../../db/batch.ts';

interface Answer {
  readonly result?: unknown;
  readonly error?: string;
}

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
export function createCoalescedRequester({
  url,
  token,
  deadlineMs = 250,
  traceHeaders = () => ({}),
}: {
  url: string;
  token: string;
  deadlineMs?: number | undefined;
  /** Of the first who asks: a batch is of many. */
  traceHeaders?: (() => Readonly<Record<string, string>>) | undefined;
}): CoalescedRequester {
  const target = new URL(`${url.replace(/\/$/, '')}/pipeline`);
  const secure = target.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 32 });
  const start = secure ? requestHttps : requestHttp;
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const askAll = batchByTurn(answer);

  function send(commands: readonly unknown[]): Promise<Answer[]> {
    return new Promise((resolve, reject) => {
      const body = JSON.stringify(commands);
      const length = Buffer.byteLength(body);
      const sent = start(
        target,
        {
          method: 'POST',
          agent,
          headers: { ...headers, ...traceHeaders(), 'Content-Length': length },
          timeout: deadlineMs,
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () => {
            try {
              resolve(toAnswers(text, response.statusCode));
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)));
            }
          });
        },
      );
      sent.on('timeout', () => sent.destroy(new Error(`no answer in ${String(deadlineMs)} ms`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }

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
    close: () => {
      agent.destroy();
    },
  };
}

function toAnswers(text: string, status = 0): Answer[] {
  const answers: unknown = JSON.parse(text);
  if (status === 200 && Array.isArray(answers)) return answers;
  throw new Error(`the REST route answered ${String(status)}`);
}
