/** Problems as a person reads them on a page: what happened, and what to do next. */
import type { Language } from '../../db/languages.ts';
import type { Problem, ProblemSlug } from '../core/problem.ts';
import { refusalCopy } from './copy.ts';

/** Why a form was not taken, and what it was filled with. */
export interface Refusal {
  readonly slug: ProblemSlug;
  readonly title: string;
  readonly advice: string;
  /** Field name -> what is wrong with it; empty when it is not what the field takes. */
  readonly errors: Readonly<Record<string, string>>;
  /** Field name -> what was typed; never a password. */
  readonly values: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Whether too many have failed for the account, from wherever: passwords wait, mailed links don't. */
  readonly isLocked: boolean;
}

type Words = Readonly<Record<'title' | 'advice', string>>;

export function toRefusal(
  { slug, members }: Problem,
  language: Language,
  { retryAfter, values, requestId }: { retryAfter: string | null } & Pick<Refusal, 'values' | 'requestId'>,
): Refusal {
  const copy = refusalCopy[language];
  const problems: Partial<Record<ProblemSlug, Words>> = copy.problems;
  const fieldErrors: Readonly<Record<string, string>> = copy.fieldErrors;
  const { title, advice } = problems[slug] ?? copy.problems['malformed-request'];
  // `#/email` -> `email`; forms are flat, and of names that came from outside the schema only known ones are asked for.
  const errors = Object.fromEntries(
    (members.errors ?? []).map(({ pointer, code }) => [pointer.slice(2), fieldErrors[code] ?? '']),
  );
  return {
    slug,
    title,
    advice: advice || copy.tryAgain(toWait(language, Number(retryAfter ?? 1))),
    errors,
    values,
    requestId,
    isLocked: members['violated-policies']?.includes('account') ?? false,
  };
}

/** Such as `in 5 minutes`, never sooner than it is. */
function toWait(language: Language, seconds: number): string {
  const time = new Intl.RelativeTimeFormat(language);
  if (seconds < 60) return time.format(seconds, 'second');
  if (seconds < 7200) return time.format(Math.ceil(seconds / 60), 'minute');
  return time.format(Math.ceil(seconds / 3600), 'hour');
}
