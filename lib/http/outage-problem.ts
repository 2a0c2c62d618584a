/** What a caller is told when a part that we need is away. */
import { isProblem, Problem } from '../core/problem.ts';

// Of `db/outage.ts`, of which each bundle owns a copy.
const outage = Symbol.for('blockbot.outage');

/** The problem that was thrown, a 503 for an outage of the database, undefined for a bug. */
export function problemOf(thrown: unknown): Problem | undefined {
  if (isProblem(thrown)) return thrown;
  if (typeof thrown !== 'object' || thrown === null || !(outage in thrown)) return undefined;
  return new Problem('service-unavailable', {}, { headers: { 'Retry-After': '1' }, cause: thrown });
}
