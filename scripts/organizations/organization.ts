/** An organization as a command is told of it, and as it tells of it. */
import type { Plan } from '../../db/plans.ts';
import type { Sql } from '../../db/sql.ts';
import { isUuid } from '../../lib/core/uuid.ts';
import { toTime } from '../operator/output.ts';
import { refuseUnknown } from '../operator/refusal.ts';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly plan: Plan;
  readonly createdAt: Date;
  readonly deletedAt: Date | null;
}

/**
 * One that is deleted, too, until it is swept.
 *
 * @param reference a slug, or an id
 * @throws {Refusal} with the exit code for what is not there
 */
export async function findOrganization(sql: Sql, reference: string): Promise<Organization> {
  const wanted = reference.trim().toLowerCase();
  const [organization] = await sql<Organization>`
    select id, name, slug, plan, created_at, deleted_at from organizations
    where id = ${isUuid(wanted) ? wanted : null}::uuid or slug = ${wanted}
    order by slug = ${wanted} limit 1`;
  if (!organization) throw refuseUnknown(`There is no organization ${JSON.stringify(reference)}`);
  return organization;
}

export function toShownOrganization({ id, name, slug, plan, createdAt, deletedAt }: Organization) {
  return { id, name, slug, plan, created_at: toTime(createdAt), deleted_at: toTime(deletedAt) };
}
