/** A step of the contract: it asks, and throws when an answer is not what was promised. */
import { toErrorMessage } from '../lib/core/error-message.ts';
import type { Ask } from './ask.ts';

export interface Step {
  /** The function that the step is about. */
  readonly name: string;
  /** What holds when it passes, as a sentence after the function's name. */
  readonly title: string;
  readonly run: (ask: Ask) => Promise<void>;
}

export interface StepResult {
  readonly name: string;
  readonly title: string;
  /** Why it did not pass. */
  readonly failure?: string;
}

/** Runs the steps one after the other, all of them, whatever fails. */
export async function runSteps(
  steps: readonly Step[],
  ask: Ask,
  onResult: (result: StepResult) => void = () => undefined,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for (const { name, title, run } of steps) {
    const failure = await run(ask).then(() => undefined, toErrorMessage);
    const result = { name, title, ...(failure !== undefined && { failure }) };
    results.push(result);
    onResult(result);
  }
  return results;
}
