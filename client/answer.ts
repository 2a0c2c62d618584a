/** What a call resolves to: the data of the route or why there is none, told apart by `error`. */
import type { CallError, ProblemSlug, UnroutedSlug } from './problem.ts';

/** @example if (answer.error) return show(answer.error.slug); else render(answer.data); */
export type Answer<Route> = Route extends {
  answers: infer Answers;
  problems: infer Slug extends ProblemSlug;
}
  ? | { [Status in keyof Answers]: Success<Status, Answers[Status]> }[keyof Answers]
    | Failure<Slug | UnroutedSlug>
  : never;

/** Told apart by `status` where a route has more than one. */
export interface Success<Status = number, Data = unknown> {
  readonly status: Status;
  readonly data: Data;
  readonly error?: undefined;
  readonly headers: Headers;
  /** What the log of the API calls this request; undefined where a proxy or CORS hides it. */
  readonly requestId: string | undefined;
}

export interface Failure<Slug extends ProblemSlug = ProblemSlug> {
  readonly error: CallError<Slug>;
  readonly data?: undefined;
  readonly status?: undefined;
  /** Undefined where nobody answered. */
  readonly headers: Headers | undefined;
  readonly requestId: string | undefined;
}
