/** `organizations set-owner`: an owner for an organization whose owners are gone. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { lockOrganization } from '../../lib/organizations/organization-lock.ts';
import { type AccessTokens, openAccessTokens, toAccessTokenNote } from '../operator/access-tokens.ts';
import { readOperator } from '../operator/operator-name.ts';
import { printResult } from '../operator/output.ts';
import { Refusal } from '../operator/refusal.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { findPerson, type Person } from '../users/person.ts';
import { findOrganization, type Organization } from './organization.ts';

const usage = `Usage: npm run -s organizations -- set-owner ORGANIZATION USER [--as NAME] [--json]

Makes USER (an address or an id), who is a member of ORGANIZATION (a slug or an id), an owner of it. Other owners stay. Their
access tokens that tell of another role are refused from now on, where the environment names the routers' Redis, and one
refresh brings one that tells of this. Elsewhere that takes 15 minutes at most.

Exit codes: 0 they are an owner, 1 failed, 2 wrong usage, 3 there is no such organization or person.
`;

export async function setOwner(): Promise<number> {
  const { values, given } = readArguments(usage, {
    options: { as: { type: 'string' }, json: { type: 'boolean' } },
    names: ['ORGANIZATION', 'USER'],
  });
  const operator = readOperator(usage, values.as);
  const tokens = openAccessTokens();
  return withDatabase(async ({ sql, transaction }) => {
    const organization = await findOrganization(sql, given[0] ?? '');
    const person = await findPerson(sql, given[1] ?? '');
    assertFit(organization, person);
    const changed = await transaction(async (locked) => {
      await lockOrganization(locked, organization.id, person.id);
      return makeOwner(locked, { organization, person, operator });
    });
    // Once more where nothing changed: Redis may have been away the last time.
    const access = await tokens.ofMember(sql, { organizationId: organization.id, userId: person.id });
    printOutcome(values.json, { organization, person, changed, access });
    return 0;
  });
}

interface OwnerOutcome {
  readonly organization: Organization;
  readonly person: Person;
  readonly changed: boolean;
  readonly access: AccessTokens;
}

function printOutcome(json: boolean | undefined, outcome: OwnerOutcome): void {
  const { organization, person, changed, access } = outcome;
  const { id, slug } = organization;
  const { id: userId, email } = person;
  const document = {
    organization: { id, slug },
    user: { id: userId, email },
    changed,
    access_tokens: access,
  };
  const told = changed ? `is an owner of ${slug}` : `was an owner of ${slug} before`;
  printResult(json, document, () => `${email} ${told}\n${toAccessTokenNote(access)}`);
}

function assertFit({ slug, deletedAt }: Organization, { email, disabledAt }: Person): void {
  if (deletedAt !== null) throw new Refusal(`${slug} is deleted: restore it first`);
  if (disabledAt !== null) throw new Refusal(`${email} is disabled, and an owner who can't sign in is none`);
}

interface OwnerChange {
  readonly organization: Organization;
  readonly person: Person;
  readonly operator: Operator;
}

async function makeOwner(sql: Sql, { organization, person, operator }: OwnerChange): Promise<boolean> {
  const [outcome] = await sql<{ isMember: boolean; changed: boolean }>`
    with member as (
      select user_id, organization_id, role from memberships
      where organization_id = ${organization.id} and user_id = ${person.id}
    ), changed as (
      update memberships set role = 'owner' from member
      where memberships.organization_id = member.organization_id and memberships.user_id = member.user_id
        and memberships.role <> 'owner'
      returning memberships.user_id, memberships.organization_id
    ), audited as (${auditOperatorAct(
      'member.role_changed',
      operator,
      'user',
      fragment`select user_id, organization_id, user_id as target_id from changed`,
    )}
    )
    select exists (select from member) as is_member, exists (select from changed) as changed`;
  if (!outcome?.isMember) {
    throw new Refusal(
      `${person.email} is no member of ${organization.slug}: only a member becomes its owner`,
    );
  }
  return outcome.changed;
}
