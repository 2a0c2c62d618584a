/**
 * What a route answers, declared beside it in `functions/<area>/<verb>.answers.ts`. No bundle imports such a file: the
 * document (`openapi.json`) is made of it, and every answer in a test is held against the document.
 */
import type * as z from 'zod/mini';
import type { ProblemSlug } from '../lib/core/problem.ts';
import type { Policy } from '../lib/rate-limit/store.ts';

export interface Answers {
  /** What the route does, as a heading of few words; the sentences are the first comment of the route's own file. */
  readonly summary: string;
  /** What it answers when it does what was asked, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** What it refuses besides what its guard does by itself. */
  readonly problems?: readonly ProblemSlug[];
  /** Limits that its handler counts against, besides those of its guard. */
  readonly policies?: readonly Policy[];
  /** What its address may have behind the question mark. */
  readonly query?: Readonly<Record<string, QueryParameter>>;
  /** Headers of a request that it looks at, and what for. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

export interface QueryParameter {
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly required?: true;
}

export interface Answer {
  readonly description: string;
  /** Absent where there is no body. */
  readonly body?: z.ZodMiniType;
  /** `application/json` unless told. */
  readonly mediaType?: string;
  /** The body in other media types, for who asks for one. */
  readonly alternatives?: Readonly<Record<string, z.ZodMiniType>>;
  /** Headers that are always sent beside those of every answer, and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}
