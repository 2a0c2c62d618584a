/** `users find`: people by what an operator knows of them. */
import type { Sql } from '../../db/sql.ts';
import { refuseUsage } from '../../lib/core/command-line.ts';
import { isUuid } from '../../lib/core/uuid.ts';
import { printResult, toTime } from '../operator/output.ts';
import { findOrganization } from '../organizations/organization.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { toTable } from '../operator/table.ts';
import { type Person, toShownPerson, toState } from './person.ts';

const mostFound = 50;

const usage = `Usage: npm run -s users -- find [TEXT] [--organization ORGANIZATION] [--json]

Lists the people whose address contains TEXT, or whose id it is, in the order of their addresses: ${mostFound} at most.

  --organization   only its members; a slug or an id
  --json           one document: {"users": [...], "more": false}

Exit codes: 0 somebody is found, 1 failed, 2 wrong usage, 3 nobody is found.
`;

export async function findUsers(): Promise<number> {
  const { values, given } = readArguments(usage, {
    options: { json: { type: 'boolean' }, organization: { type: 'string' } },
    names: ['TEXT'],
    optional: 1,
  });
  if (given.length === 0 && values.organization === undefined) {
    refuseUsage(usage, 'Say whom: TEXT or --organization');
  }
  return withDatabase(async ({ sql }) => {
    const organization =
      values.organization === undefined ? undefined : await findOrganization(sql, values.organization);
    const found = await find(sql, given[0], organization?.id);
    const people = found.slice(0, mostFound);
    const more = found.length > mostFound;
    printResult(values.json, { users: people.map(toShownPerson), more }, () => toText(people, more));
    return people.length === 0 ? 3 : 0;
  });
}

/** One more than are shown, to know whether there are more. By strpos, to which no character of the text is special. */
function find(sql: Sql, text = '', organizationId: string | undefined): Promise<readonly Person[]> {
  const wanted = text.trim().toLowerCase();
  return sql<Person>`
    select id, email, name, email_verified_at, disabled_at, disabled_reason, created_at from users
    where (strpos(email, ${wanted}) > 0 or id = ${isUuid(wanted) ? wanted : null}::uuid)
      and (${organizationId ?? null}::uuid is null or exists (
        select from memberships where organization_id = ${organizationId ?? null}::uuid and user_id = users.id
      ))
    order by email limit ${mostFound + 1}::int`;
}

function toText(people: readonly Person[], more: boolean): string {
  if (people.length === 0) return 'Nobody is found.\n';
  const table = toTable({
    headings: ['EMAIL', 'NAME', 'STATE', 'SINCE', 'ID'],
    rows: people.map((person) => [
      person.email,
      person.name ?? '',
      toState(person),
      toTime(person.createdAt).slice(0, 10),
      person.id,
    ]),
    cut: [0, 1],
  });
  return more ? `${table}and more: these are ${people.length}, so say more of the address\n` : table;
}
