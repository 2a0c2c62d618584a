/** What the doctor finds: one line each, and what to do where something is to be done. */

export type Verdict = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Finding {
  readonly verdict: Verdict;
  /** What was looked at. */
  readonly name: string;
  readonly said: string;
  /** What to do; of every `warn` and `fail`. */
  readonly advice?: string;
}

export const ok = (name: string, said: string): Finding => ({ verdict: 'ok', name, said });
export const skipped = (name: string, said: string): Finding => ({ verdict: 'skipped', name, said });
export const warn = (name: string, said: string, advice: string): Finding => ({
  verdict: 'warn',
  name,
  said,
  advice,
});
export const fail = (name: string, said: string, advice: string): Finding => ({
  verdict: 'fail',
  name,
  said,
  advice,
});
