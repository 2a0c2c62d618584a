/** Asks the operator. */
import { createInterface, type Interface } from 'node:readline/promises';
import { findFault, type Question } from './questions.ts';

export interface Terminal {
  /** Until the answer is one. */
  readonly ask: (question: Question) => Promise<string>;
  readonly close: () => void;
}

/** Standard input is read once something is asked: a command in the background that asks nothing is not stopped for it. */
export function createTerminal(): Terminal {
  let lines: Interface | undefined;
  return {
    ask: async (question) => {
      lines ??= createInterface({ input: process.stdin, output: process.stdout });
      for (;;) {
        const answer = (await lines.question(`${question.text}: `)).trim();
        const fault = findFault(question, answer);
        if (fault === undefined) return answer;
        console.log(`  ${fault}`);
      }
    },
    close: () => lines?.close(),
  };
}
