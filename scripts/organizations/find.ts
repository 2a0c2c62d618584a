/** `organizations find`: organizations by what an operator knows of them. */
import type { Sql } from '../../db/sql.ts';
import { isUuid } from '../../lib/core/uuid.ts';
import { printResult, toTime } from '../operator/output.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { toTable } from '../operator/table.ts';
import { type Organization, toShownOrganization } from './organization.ts';

const mostFound = 50;

const usage = `Usage: npm run -s organizations -- find TEXT [--json]

Lists the organizations whose name or slug contains TEXT, or whose id it is, in the order of their slugs: ${mostFound} at most.
Those that are deleted and can be restored are among them.

  --json   one document: {"organizations": [...], "more": false}

Exit codes: 0 some are found, 1 failed, 2 wrong usage, 3 none is found.
`;

export async function findOrganizations(): Promise<number> {
  const { values, given } = readArguments(usage, { options: { json: { type: 'boolean' } }, names: ['TEXT'] });
  return withDatabase(async ({ sql }) => {
    const found = await find(sql, given[0] ?? '');
    const shown = found.slice(0, mostFound);
    const more = found.length > mostFound;
    const document = { organizations: shown.map(toShown), more };
    printResult(values.json, document, () => toText(shown, more));
    return shown.length === 0 ? 3 : 0;
  });
}

interface FoundOrganization extends Organization {
  readonly members: number;
}

const toShown = (organization: FoundOrganization) => ({
  ...toShownOrganization(organization),
  members: organization.members,
});

/** One more than are shown, to know whether there are more. By strpos, to which no character of the text is special. */
function find(sql: Sql, text: string): Promise<readonly FoundOrganization[]> {
  const wanted = text.trim().toLowerCase();
  return sql<FoundOrganization>`
    select id, name, slug, plan, created_at, deleted_at,
      (select count(*)::int from memberships where organization_id = organizations.id) as members
    from organizations
    where strpos(lower(name), ${wanted}) > 0 or strpos(slug, ${wanted}) > 0
      or id = ${isUuid(wanted) ? wanted : null}::uuid
    order by slug limit ${mostFound + 1}::int`;
}

function toText(organizations: readonly FoundOrganization[], more: boolean): string {
  if (organizations.length === 0) return 'None is found.\n';
  const table = toTable({
    headings: ['SLUG', 'NAME', 'MEMBERS', 'SINCE', 'DELETED', 'ID'],
    rows: organizations.map((one) => [
      one.slug,
      one.name,
      String(one.members),
      toTime(one.createdAt).slice(0, 10),
      toTime(one.deletedAt)?.slice(0, 10) ?? '',
      one.id,
    ]),
    cut: [0, 1],
  });
  return more ? `${table}and more: these are ${organizations.length}, so say more of the name\n` : table;
}
