/** A person as a command is told of them, and as it tells of them. */
import type { DisabledReason } from '../../db/schema.ts';
import type { Sql } from '../../db/sql.ts';
import { isUuid } from '../../lib/core/uuid.ts';
import { toTime } from '../operator/output.ts';
import { refuseUnknown } from '../operator/refusal.ts';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly emailVerifiedAt: Date | null;
  readonly disabledAt: Date | null;
  readonly disabledReason: DisabledReason | null;
  readonly createdAt: Date;
}

/**
 * @param reference a whole address, or an id
 * @throws {Refusal} with the exit code for what is not there
 */
export async function findPerson(sql: Sql, reference: string): Promise<Person> {
  const wanted = reference.trim().toLowerCase();
  const [person] = await sql<Person>`
    select id, email, name, email_verified_at, disabled_at, disabled_reason, created_at from users
    where id = ${isUuid(wanted) ? wanted : null}::uuid or email = ${wanted}`;
  if (!person) throw refuseUnknown(`There is no account of ${JSON.stringify(reference)}`);
  return person;
}

export function toShownPerson(person: Person) {
  const { id, email, name, emailVerifiedAt, disabledAt, disabledReason, createdAt } = person;
  return {
    id,
    email,
    name,
    email_verified_at: toTime(emailVerifiedAt),
    disabled_at: toTime(disabledAt),
    disabled_reason: disabledReason,
    created_at: toTime(createdAt),
  };
}

/** In one word or two. */
export function toState({ disabledReason, emailVerifiedAt }: Person): string {
  if (disabledReason !== null) return `disabled (${disabledReason})`;
  return emailVerifiedAt === null ? 'unverified' : 'active';
}
