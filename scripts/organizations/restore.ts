/** `organizations restore`: takes a deletion back. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { readOperator } from '../operator/operator-name.ts';
import { printResult } from '../operator/output.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { findOrganization, type Organization } from './organization.ts';

const usage = `Usage: npm run -s organizations -- restore ORGANIZATION [--as NAME] [--json]

Takes the deletion of ORGANIZATION (a slug or an id) back, with its members as they were.

Exit codes: 0 it is there, 1 failed, 2 wrong usage, 3 there is no such organization, or no more.
`;

export async function restoreOrganization(): Promise<number> {
  const { values, given } = readArguments(usage, {
    options: { as: { type: 'string' }, json: { type: 'boolean' } },
    names: ['ORGANIZATION'],
  });
  const operator = readOperator(usage, values.as);
  return withDatabase(async ({ sql }) => {
    const organization = await findOrganization(sql, given[0] ?? '');
    const changed = await restore(sql, organization, operator);
    const { id, slug } = organization;
    printResult(values.json, { organization: { id, slug }, changed }, () =>
      changed ? `${slug} is restored\n` : `${slug} was not deleted\n`,
    );
    return 0;
  });
}

async function restore(sql: Sql, { id }: Organization, operator: Operator): Promise<boolean> {
  const restored = await sql<{ id: string }>`
    with restored as (
      update organizations set deleted_at = null, updated_at = now()
      where id = ${id} and deleted_at is not null
      returning id
    )
    ${auditOperatorAct(
      'organization.restored',
      operator,
      'organization',
      fragment`select null::uuid as user_id, id as organization_id, id as target_id from restored`,
    )}
    returning id`;
  return restored.length > 0;
}
