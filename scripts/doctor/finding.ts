/** What the doctor finds: one line each, and what to do where something is to be done. */

export type Status = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Finding {
  readonly status: Status;
  /** What was looked at. */
  readonly name: string;
  readonly said: string;
  /** What to do; of every `warn` and `fail`. */
  readonly advice?: string;
}

export const ok = (name: string, said: string): Finding => ({ status: 'ok', name, said });
export const skipped = (name: string, said: string): Finding => ({ status: 'skipped', name, said });
export const warn = (name: string, said: string, advice: string): Finding => ({
  status: 'warn',
  name,
  said,
  advice,
});
export const fail = (name: string, said: string, advice: string): Finding => ({
  status: 'fail',
  name,
  said,
  advice,
});
