/** Which database errors say "Postgres is away" and not "the statement is wrong", and what callers see of them. */
import { Problem } from '../lib/core/problem.ts';

/** Thrown by our own side when Postgres, or a free connection to it, takes too long. */
export class Outage extends Error {
  readonly code: 'CONNECTION_BUSY' | 'CONNECTION_CLOSED' | 'CONNECTION_HUNG';

  constructor(code: Outage['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What a caller of `withDeadline` (`deadline.ts`) is told when Postgres did not answer. */
export function toHung(milliseconds: number): Outage {
  return new Outage('CONNECTION_HUNG', `Postgres did not answer within ${Math.ceil(milliseconds)} ms`);
}

const outageCodes = new RegExp(
  [
    'E(?!RR_)[A-Z_]+', // the operating system: ECONNREFUSED, ENOTFOUND, ...; ERR_* is a programmer's mistake
    'CONNECT(ION)?_[A-Z]+', // postgres.js and ourselves
    '08[0-9A-Z]{3}', // connection exceptions
    '25006', // read-only: this server is a standby by now
    '25P03', // the session idled in a transaction for too long
    '53300', // too many connections
    '57014', // statement_timeout
    '57P0[123]', // shutting down, crashed, starting up
  ]
    .map((code) => `^${code}$`)
    .join('|'),
);

export function isOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && outageCodes.test(error.code);
}

/** An outage as the 503 that a caller gets, with its cause for the log; any other error as it is. */
export function toProblem(error: unknown): unknown {
  if (!isOutage(error)) return error;
  return new Problem('service-unavailable', {}, { headers: { 'Retry-After': '1' }, cause: error });
}
