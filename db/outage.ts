/** Which database errors say "Postgres is away" and not "the statement is wrong", and how the first are known. */

// Each bundle owns a copy of this module, so an outage is known by a registered symbol, never by its class.
const brand = Symbol.for('blockbot.outage');

/**
 * Thrown when Postgres, or a free connection to it, is away or takes too long. Its code is ours (`CONNECTION_*`,
 * `TLS_REFUSED`), or that of the error that it wraps: of the operating system, of TLS, of postgres.js, or SQLSTATE.
 */
export class Outage extends Error {
  readonly [brand] = true;
  readonly code: string;
  /** Whether what was asked may have been done all the same: nobody heard how a COMMIT ended, or a write by itself. */
  readonly mayBeDone: boolean;

  constructor(code: string, message: string, options?: ErrorOptions, mayBeDone = false) {
    super(message, options);
    this.code = code;
    this.mayBeDone = mayBeDone;
  }
}

/** What a caller of `withDeadline` (`deadline.ts`) is told when Postgres did not answer. */
export function toHung(milliseconds: number): Outage {
  return new Outage('CONNECTION_HUNG', `Postgres did not answer within ${milliseconds} ms`);
}

export function isHung(error: unknown): boolean {
  return error instanceof Outage && error.code === 'CONNECTION_HUNG';
}

/**
 * SQLSTATE: the server has undone all of a statement, or of the transaction around it, and the connection is fit for more.
 * It took too long (behind a lock for instance), was one side of a deadlock, or met what another transaction had changed.
 */
const undoneCodes = ['57014', '40P01', '40001'];

/** Whether the same may be asked for once more, as if it had not been. */
export function wasUndone({ code }: Outage): boolean {
  return undoneCodes.includes(code);
}

/** SQLSTATE: the server, the database or the role has as many connections as it may have. */
export const tooManyConnections = '53300';

const outageCodes = new RegExp(
  [
    'E(?!RR_)[A-Z_]+', // the operating system: ECONNREFUSED, ENOTFOUND, ...; ERR_* is a programmer's mistake
    'CONNECT(ION)?_[A-Z]+', // postgres.js and ourselves
    '08[0-9A-Z]{3}', // connection exceptions
    '25006', // read-only: this server is a standby by now
    '25P03', // the session idled in a transaction for too long
    '53[0-9A-Z]{3}', // out of something: disk, memory, connections
    '57P0[123]', // shutting down, crashed, starting up
    '58[0-9A-Z]{3}', // the system under the server: a file that can't be read or written
    ...undoneCodes,
  ]
    .map((code) => `^${code}$`)
    .join('|'),
);

export function isOutage(error: unknown): boolean {
  if (error instanceof Outage) return true;
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return typeof error.code === 'string' && outageCodes.test(error.code);
}

/**
 * Whether a prepared statement answers other columns since the schema was changed. postgres.js prepares it anew by
 * itself, which is of no use in a transaction: Postgres takes nothing but its end after an error.
 */
export function isStalePlan(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'routine') === 'RevalidateCachedQuery';
}

/** What says that Postgres is away as an `Outage`, with what it was as its cause; undefined for any other error. */
export function findOutage(error: unknown): Outage | undefined {
  return isOutage(error) ? toOutage(error) : undefined;
}

/** An error as an `Outage`, whatever it is: for what keeps a connection from being opened. */
export function toOutage(error: unknown): Outage {
  if (error instanceof Outage) return error;
  const { code, reason } = explain(error);
  return new Outage(code, reason, { cause: error });
}

/**
 * For what ended a COMMIT, or a write by itself.
 *
 * @throws an outage of which Postgres says nothing itself as one in which it may have been done, any other error as it is
 */
export function throwDoubtful(error: unknown): never {
  const outage = findOutage(error);
  // SQLSTATE is the server's word that it was not done; of class 08 it is that of a pooler, which has lost the server.
  if (!outage || /^(?!08)\d/.test(outage.code)) throw error;
  throw new Outage(outage.code, outage.message, { cause: error }, true);
}

/** What went wrong, for those who run this; a host with two addresses fails for two reasons, and has no message itself. */
function explain(error: unknown): { readonly code: string; readonly reason: string } {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', reason: String(error) };
  const given: unknown = Reflect.get(error, 'code');
  const code = typeof given === 'string' ? given : 'UNKNOWN';
  const reasons = error instanceof AggregateError ? error.errors.map((each) => explain(each).reason) : [];
  return { code, reason: reasons.join('; ') || error.message || code };
}
