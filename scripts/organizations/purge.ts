/** `organizations purge`: erases what is deleted before the sweep would. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { assertAskable, confirm } from '../operator/confirmation.ts';
import { readOperator } from '../operator/operator-name.ts';
import { printResult } from '../operator/output.ts';
import { Refusal } from '../operator/refusal.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { findOrganization, type Organization } from './organization.ts';

const usage = `Usage: npm run -s organizations -- purge ORGANIZATION [--yes] [--as NAME] [--json]

Erases ORGANIZATION (a slug or an id), its memberships and its invitations, and sets its slug free. It has to be deleted by
its owner before; the sweep would erase it 30 days after that. The audit trail stays. On a terminal the slug has to be typed.

  --yes   asks nothing, and is needed without a terminal

Exit codes: 0 erased, 1 failed, 2 wrong usage, 3 there is no such organization.
`;

export async function purgeOrganization(): Promise<number> {
  const { values, given } = readArguments(usage, {
    options: { as: { type: 'string' }, json: { type: 'boolean' }, yes: { type: 'boolean' } },
    names: ['ORGANIZATION'],
  });
  const operator = readOperator(usage, values.as);
  assertAskable(usage, values.yes);
  return withDatabase(async ({ sql }) => {
    const organization = await findOrganization(sql, given[0] ?? '');
    const { id, slug, deletedAt } = organization;
    if (deletedAt === null) throw new Refusal(`${slug} is not deleted: its owner deletes it first`);
    if (!values.yes) await confirm(`The organization ${slug} will be erased.`, slug);
    await purge(sql, organization, operator);
    printResult(values.json, { organization: { id, slug }, changed: true }, () => `${slug} is erased\n`);
    return 0;
  });
}

async function purge(sql: Sql, { id, slug }: Organization, operator: Operator): Promise<void> {
  const purged = await sql<{ id: string }>`
    with purged as (
      delete from organizations where id = ${id} and deleted_at is not null returning id
    )
    ${auditOperatorAct(
      'organization.purged',
      operator,
      'organization',
      fragment`select null::uuid as user_id, id as organization_id, id as target_id from purged`,
    )}
    returning id`;
  if (purged.length === 0) throw new Refusal(`${slug} was restored or erased meanwhile`);
}
