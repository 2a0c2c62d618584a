/** Problems as a person reads them on a page: what happened, and what to do next. */
import * as copy from './copy.ts';
import { problemAdvice } from '../core/problem-advice.ts';
import { type Problem, type ProblemSlug, problems } from '../core/problem.ts';

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

export function toRefusal(
  problem: Problem,
  { retryAfter, values, requestId }: { retryAfter: string | null } & Pick<Refusal, 'values' | 'requestId'>,
): Refusal {
  const { slug, members } = problem;
  const { title = problems[slug].title, advice = problemAdvice[slug] } = copy.problemCopy[slug] ?? {};
  // `#/email` -> `email`; forms are flat, and of names that came from outside the schema only known ones are asked for.
  const errors = Object.fromEntries(
    (members.errors ?? []).map(({ pointer, code }) => [pointer.slice(2), copy.fieldErrors[code] ?? '']),
  );
  return {
    slug,
    title,
    advice: advice || toRetryAdvice(Number(retryAfter ?? 1)),
    errors,
    values,
    requestId,
    isLocked: members['violated-policies']?.includes('account') ?? false,
  };
}

function toRetryAdvice(seconds: number): string {
  return seconds < 60
    ? copy.tryAgainIn(seconds, 'second')
    : copy.tryAgainIn(Math.ceil(seconds / 60), 'minute');
}
