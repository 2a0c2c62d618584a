/** The simulation: callers who act and pause, each at a pace of their own, and what they were answered. */
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type Act, conductOf, pickAct } from './acts.ts';
import type { Member } from './crowd.ts';
import type { Fleet } from './site.ts';

export interface Answers {
  readonly milliseconds: number[];
  /** By what was asked and what was answered: all that were not expected. */
  readonly unexpected: Map<string, number>;
  serverErrors: number;
}

export const noAnswers = (): Answers => ({ milliseconds: [], unexpected: new Map(), serverErrors: 0 });

async function perform(fleet: Fleet, member: Member, name: Act, answers: Answers): Promise<void> {
  const { expected, act } = conductOf(name);
  const startedAt = performance.now();
  // A connection that broke has no status, and is counted as 0.
  const status = await act(fleet, member).catch(() => 0);
  answers.milliseconds.push(performance.now() - startedAt);
  if (status >= 500 || status === 0) answers.serverErrors++;
  if (status === expected) return;
  const text = `${name}: ${status}`;
  answers.unexpected.set(text, (answers.unexpected.get(text) ?? 0) + 1);
}

interface LifeOptions {
  readonly signal: AbortSignal;
  /** Where the answers go that come now. */
  readonly answers: () => Answers;
  /** Another one leads to other lives: who guessed at passwords before would be refused for it. */
  readonly seed: number;
}

/** Everybody at once until the signal: an act, then a pause, which is one second on average and a fifth at least. */
export async function live(
  fleet: Fleet,
  crowd: readonly Member[],
  { signal, answers, seed }: LifeOptions,
): Promise<void> {
  setMaxListeners(crowd.length, signal);
  await Promise.all(
    crowd.map(async (member, nth) => {
      const random = createRandom(seed * crowd.length + nth + 1);
      const pause = () => delay(200 - 800 * Math.log(1 - random()), undefined, { signal });
      try {
        for (;;) {
          await pause();
          await perform(fleet, member, pickAct(random()), answers());
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }),
  );
}

/** One kind of act so many times, by one caller after the other, a few at once. */
export async function repeat(
  fleet: Fleet,
  crowd: readonly Member[],
  { name, times, from = 0 }: { readonly name: Act; readonly times: number; readonly from?: number },
): Promise<Answers> {
  const answers = noAnswers();
  let nth = from;
  const work = async () => {
    for (; nth < from + times;) {
      const member = crowd[nth++ % crowd.length];
      if (member) await perform(fleet, member, name, answers);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return answers;
}

/** Mulberry32: the same lives in every run. */
function createRandom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
