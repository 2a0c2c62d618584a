/** How long a bench asks each, and how often: `--seconds` and `--rounds`. */
import { readCommandLine } from '../lib/core/command-line.ts';
import { readPositiveNumber } from './positive-number.ts';

/** Ends the process with 2 where they are no whole numbers, or something else is told. */
export function readRounds(usage: string): { readonly seconds: number; readonly rounds: number } {
  const { values } = readCommandLine(usage, {
    options: { seconds: { type: 'string', default: '3' }, rounds: { type: 'string', default: '5' } },
  });
  return {
    seconds: readPositiveNumber(usage, '--seconds', values.seconds, { whole: true }),
    rounds: readPositiveNumber(usage, '--rounds', values.rounds, { whole: true }),
  };
}
