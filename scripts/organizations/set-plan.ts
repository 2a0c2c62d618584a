/** `organizations set-plan`: how much the API keys of an organization may ask. */
import { type Plan, plans } from '../../db/plans.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { refuseUsage } from '../../lib/core/command-line.ts';
import { readOperator } from '../operator/operator-name.ts';
import { printResult } from '../operator/output.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { findOrganization, type Organization } from './organization.ts';

const usage = `Usage: npm run -s organizations -- set-plan ORGANIZATION PLAN [--as NAME] [--json]

Puts ORGANIZATION (a slug or an id) on PLAN: ${plans.join(' or ')}. Routers that know one of its keys learn it within 30 seconds.

Exit codes: 0 it is on the plan, 1 failed, 2 wrong usage, 3 there is no such organization.
`;

export async function setPlan(): Promise<number> {
  const { values, given } = readArguments(usage, {
    options: { as: { type: 'string' }, json: { type: 'boolean' } },
    names: ['ORGANIZATION', 'PLAN'],
  });
  const operator = readOperator(usage, values.as);
  const plan = plans.find((name) => name === given[1]);
  if (!plan) refuseUsage(usage, `'${given[1] ?? ''}' is none of: ${plans.join(', ')}`);
  return withDatabase(async ({ sql }) => {
    const organization = await findOrganization(sql, given[0] ?? '');
    const changed = await change(sql, organization, { plan, operator });
    const { id, slug } = organization;
    printResult(values.json, { organization: { id, slug }, plan, changed }, () =>
      changed ? `${slug} is on the plan ${plan}\n` : `${slug} was on the plan ${plan} before\n`,
    );
    return 0;
  });
}

async function change(
  sql: Sql,
  { id }: Organization,
  { plan, operator }: { readonly plan: Plan; readonly operator: Operator },
): Promise<boolean> {
  const changed = await sql<{ id: string }>`
    with changed as (
      update organizations set plan = ${plan}, updated_at = now() where id = ${id} and plan <> ${plan}
      returning id
    )
    ${auditOperatorAct(
      'organization.plan_changed',
      operator,
      'organization',
      fragment`select null::uuid as user_id, id as organization_id, id as target_id from changed`,
    )}
    returning id`;
  return changed.length > 0;
}
