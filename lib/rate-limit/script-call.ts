/** How questions to `sliding-window.lua.ts` are put into one call of it, and its answer is taken apart again. */

import type { Decision } from './store.ts';

interface Answered {
  /** Once it was asked: what the script answered, or why it did not. */
  answer?: Decision | Error;
}

/** A unit's question is of a shape, its limit and window; all of one shape are asked together. */
export interface UnitQuestion extends Answered {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
  /** The id, of `idLength` characters, and what is to be done with it. */
  readonly argument: string;
}

export interface RevocationQuestion extends Answered {
  readonly key: string;
  readonly parts: readonly string[];
  readonly asOf: number;
}

export type Question = UnitQuestion | RevocationQuestion;

export interface ScriptCall {
  readonly keys: string[];
  readonly argv: string[];
  /** In the order of the answers. */
  readonly questions: readonly Question[];
}

export const idLength = 7;

/** A key lives longer than the window, so that it is not given a new life at each check; and by a second, to be safe. */
const toLifeMs = (windowMs: number) => Math.ceil(windowMs * 1.25) + 1000;

/** Questions about one key keep their order: they are of one shape, or of different keys. */
export function toScriptCall(questions: readonly Question[]): ScriptCall {
  const revocations: RevocationQuestion[] = [];
  const shapes: [UnitQuestion, ...UnitQuestion[]][] = [];
  for (const question of questions) {
    if ('asOf' in question) {
      revocations.push(question);
      continue;
    }
    const { limit, windowMs } = question;
    const shape = shapes.find(([known]) => known.limit === limit && known.windowMs === windowMs);
    if (shape) shape.push(question);
    else shapes.push([question]);
  }
  const argv = [String(revocations.length)];
  const ordered: Question[] = revocations;
  for (const { asOf, parts } of revocations) argv.push(String(asOf), String(parts.length), ...parts);
  for (const asked of shapes) {
    const [{ limit, windowMs }] = asked;
    argv.push(String(limit), String(windowMs), String(toLifeMs(windowMs)), String(asked.length));
    for (const question of asked) {
      argv.push(question.argument);
      ordered.push(question);
    }
  }
  return { keys: ordered.map(({ key }) => key), argv, questions: ordered };
}
