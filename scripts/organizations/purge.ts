/** `organizations purge`: erases what is deleted before the sweep would, and what nobody is in. */
import { type Database, fragment } from '../../db/sql.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { lockOrganizationWhere } from '../../lib/organizations/organization-lock.ts';
import { openAccessTokens, toAccessTokenNote } from '../operator/access-tokens.ts';
import { assertAskable, confirm } from '../operator/confirmation.ts';
import { readOperator } from '../operator/operator-name.ts';
import { printResult } from '../operator/output.ts';
import { Refusal } from '../operator/refusal.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { findOrganization, type Organization } from './organization.ts';

const usage = `Usage: npm run -s organizations -- purge ORGANIZATION [--yes] [--as NAME] [--json]

Erases ORGANIZATION (a slug or an id), its memberships, its invitations and its API keys, and sets its slug free. It has to be
deleted by its owner before, and the sweep would erase it 30 days after that; or nobody is in it. The audit trail stays. On a
terminal the slug has to be typed.

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
  const tokens = openAccessTokens();
  return withDatabase(async (database) => {
    const organization = await findOrganization(database.sql, given[0] ?? '');
    const { id, slug } = organization;
    if (!values.yes) await confirm(`The organization ${slug} will be erased.`, slug);
    await purge(database, organization, operator);
    const access = await tokens.ofOrganization(database.sql, id);
    const document = { organization: { id, slug }, changed: true, access_tokens: access };
    printResult(values.json, document, () => `${slug} is erased\n${toAccessTokenNote(access)}`);
    return 0;
  });
}

async function purge(
  { transaction }: Pick<Database, 'transaction'>,
  { id, slug }: Organization,
  operator: Operator,
): Promise<void> {
  const purged = await transaction(async (sql) => {
    // Of who is just joining, the statement after it sees what became.
    await lockOrganizationWhere(sql, fragment`id = ${id}`);
    return sql<{ id: string }>`
      with purged as (
        delete from organizations
        where id = ${id} and (
          deleted_at is not null or not exists (select from memberships where organization_id = organizations.id)
        )
        returning id
      )
      ${auditOperatorAct(
        'organization.purged',
        operator,
        'organization',
        fragment`select null::uuid as user_id, id as organization_id, id as target_id from purged`,
      )}
      returning id`;
  });
  if (purged.length === 0) {
    throw new Refusal(`${slug} is not deleted, and somebody is in it: its owner deletes it first`);
  }
}
