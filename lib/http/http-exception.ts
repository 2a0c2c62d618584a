/** The refusals of Hono and its middleware (`hono/csrf`, `hono/timeout`), which know a status and no problem. */
import type { HTTPException } from 'hono/http-exception';
import { Problem, type ProblemSlug, problems } from '../core/problem.ts';

/** By its shape, because the classes differ from bundle to bundle. */
export function isHttpException(thrown: unknown): thrown is HTTPException {
  return typeof thrown === 'object' && thrown !== null && 'getResponse' in thrown;
}

/** The problem that says what the status does; undefined where none says just that. */
export function plainProblemOf(thrown: unknown): Problem | undefined {
  if (!isHttpException(thrown)) return undefined;
  const slug = plainSlugs.find((candidate) => problems[candidate].status === thrown.status);
  return slug && new Problem(slug);
}

// The kinds that say no more than their status does.
const plainSlugs = [
  'malformed-request',
  'authentication-required',
  'not-found',
  'method-not-allowed',
  'content-too-large',
  'unsupported-media-type',
  'invalid-input',
  'quota-exceeded',
  'service-unavailable',
] as const satisfies readonly ProblemSlug[];
