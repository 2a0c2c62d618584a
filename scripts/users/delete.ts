/** `users delete`: an account and what belongs to nobody else, for good. */
import { fragment, type Database, type Sql } from '../../db/sql.ts';
import { deleteWithOwnOrganizations } from '../../lib/accounts/account-deletion.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { isProblem } from '../../lib/core/problem.ts';
import { endVerifications } from '../../lib/sessions/pending-verifications.ts';
import { openAccessTokens, toAccessTokenNote } from '../operator/access-tokens.ts';
import { assertAskable, confirm } from '../operator/confirmation.ts';
import { readOperator } from '../operator/operator-name.ts';
import { printResult } from '../operator/output.ts';
import { Refusal, refuseUnknown } from '../operator/refusal.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { actOptions } from './act.ts';
import { findPerson, type Person } from './person.ts';

const usage = `Usage: npm run -s users -- delete USER [--yes] [--as NAME] [--json]

Deletes the account of USER (an address or an id), its sessions and the organizations that nobody else is in, as
DELETE /v1/me does. The only owner of an organization with other members is not deleted: give it another owner first
(npm run -s organizations -- set-owner). The audit trail stays. On a terminal the address has to be typed again.

  --yes   asks nothing, and is needed without a terminal

Exit codes: 0 deleted, 1 failed, 2 wrong usage, 3 there is no such person.
`;

export async function deleteUser(): Promise<number> {
  const { values, given } = readArguments(usage, {
    options: { ...actOptions, yes: { type: 'boolean' } },
    names: ['USER'],
  });
  const operator = readOperator(usage, values.as);
  assertAskable(usage, values.yes);
  const tokens = openAccessTokens();
  return withDatabase(async (database) => {
    const person = await findPerson(database.sql, given[0] ?? '');
    if (!values.yes) await confirm(`The account of ${person.email} will be deleted.`, person.email);
    const organizationIds = await deleteAccount(database, person, operator);
    const { id, email } = person;
    const access = await tokens.ofUser(database.sql, id, organizationIds);
    const document = { user: { id, email }, changed: true, access_tokens: access };
    printResult(values.json, document, () => `${email} is deleted\n${toAccessTokenNote(access)}`);
    return 0;
  });
}

/** Answers the ids of the organizations that went with it. */
async function deleteAccount(
  database: Database,
  person: Person,
  operator: Operator,
): Promise<readonly string[]> {
  try {
    return await deleteWithOwnOrganizations(database, person.id, (sql) => deleteRow(sql, person, operator));
  } catch (error) {
    if (!isProblem(error) || error.slug !== 'organization-has-members') throw error;
    const slugs = await readOwnedAlone(database.sql, person.id);
    throw new Refusal(
      `${person.email} is the only owner of ${slugs.join(', ')}, where others are. Give it another owner first: ` +
        'npm run -s organizations -- set-owner ORGANIZATION USER',
    );
  }
}

async function deleteRow(sql: Sql, { id, email }: Person, operator: Operator): Promise<void> {
  const deleted = await sql<{ id: string }>`
    with deleted as (
      delete from users where id = ${id} returning id, email, email_verified_at
    ), outdated as (${endVerifications(
      fragment`select id as user_id, email from deleted where email_verified_at is not null`,
    )}
    )
    ${auditOperatorAct(
      'account.deleted',
      operator,
      'user',
      fragment`select id as user_id, null::uuid as organization_id, id as target_id from deleted`,
    )}
    returning id`;
  if (deleted.length === 0) throw refuseUnknown(`${email} has been deleted meanwhile`);
}

async function readOwnedAlone(sql: Sql, userId: string): Promise<readonly string[]> {
  const rows = await sql<{ slug: string }>`
    select slug from live_memberships as owned
    where user_id = ${userId} and role = 'owner' and not exists (
      select from memberships
      where memberships.organization_id = owned.organization_id and role = 'owner' and user_id <> ${userId}
    ) and exists (
      select from memberships where memberships.organization_id = owned.organization_id and user_id <> ${userId}
    )
    order by slug`;
  return rows.map(({ slug }) => slug);
}
