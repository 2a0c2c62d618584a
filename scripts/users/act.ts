/** What the commands have in common that change an account. */
import type { Database, Sql } from '../../db/sql.ts';
import { lockOwner } from '../../lib/accounts/owner-lock.ts';
import type { Operator } from '../../lib/core/audit-event.ts';
import { type AccessTokens, openAccessTokens, toAccessTokenNote } from '../operator/access-tokens.ts';
import { readOperator } from '../operator/operator-name.ts';
import { printResult } from '../operator/output.ts';
import { withDatabase } from '../operator/subcommand.ts';
import { findPerson, type Person } from './person.ts';

export const actOptions = { as: { type: 'string' }, json: { type: 'boolean' } } as const;

export interface ActArguments {
  readonly usage: string;
  /** An address or an id. */
  readonly reference: string | undefined;
  readonly as?: string | undefined;
  readonly json?: boolean | undefined;
  /** Whether access tokens that are out already are to be refused, too. */
  readonly endsTokens?: boolean;
}

export interface Outcome {
  /** Whether anything is otherwise than before. */
  readonly changed: boolean;
  /** A sentence for people, after the address. */
  readonly told: string;
  /** What machines are told beside. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Organizations whose API keys may open nothing any more. */
  readonly organizationIds?: readonly string[];
}

/** Does it in a transaction that has locked the account, so that no sign-in under way outlives it, and tells the outcome. */
export async function actOnUser(
  { usage, reference = '', as, json, endsTokens = false }: ActArguments,
  act: (sql: Sql, person: Person, operator: Operator) => Promise<Outcome>,
): Promise<number> {
  const operator = readOperator(usage, as);
  const tokens = endsTokens ? openAccessTokens() : undefined;
  return withDatabase(async (database) => {
    const person = await findPerson(database.sql, reference);
    const { changed, told, more, organizationIds } = await lockAndAct(database, person, (sql) =>
      act(sql, person, operator),
    );
    const { id, email } = person;
    const access = await tokens?.ofUser(database.sql, id, organizationIds);
    const document = { user: { id, email }, changed, ...more, ...toMember(access) };
    printResult(json, document, () => `${email} ${told}\n${toAccessTokenNote(access)}`);
    return 0;
  });
}

const toMember = (access: AccessTokens | undefined) => access && { access_tokens: access };

function lockAndAct<Result>(
  database: Database,
  { id, email }: Person,
  act: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  return database.transaction(async (sql) => {
    await lockOwner(sql, { userId: id, email });
    return act(sql);
  });
}

export const toSessions = (count: number) => (count === 1 ? '1 session' : `${count} sessions`);
