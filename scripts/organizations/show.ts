/** `organizations show`: what an operator has to know of one organization, and no secret. */
import { readEventsOfOrganization, toEventTable } from '../operator/audit-trail.ts';
import { printResult, toFields, toSection, toShortTime } from '../operator/output.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { type Details, mostMembers, readDetails } from './details.ts';
import { findOrganization, type Organization, toShownOrganization } from './organization.ts';

const usage = `Usage: npm run -s organizations -- show ORGANIZATION [--json]

Shows ORGANIZATION (a slug or an id): its plan, its members, owners first and ${mostMembers} at most, the invitations that wait,
its join link, and the newest of its audit events. No secret and no hash is shown.

Exit codes: 0 shown, 1 failed, 2 wrong usage, 3 there is no such organization.
`;

export async function showOrganization(): Promise<number> {
  const { values, given } = readArguments(usage, {
    options: { json: { type: 'boolean' } },
    names: ['ORGANIZATION'],
  });
  return withDatabase(async ({ transaction }) => {
    await transaction(async (sql) => {
      const organization = await findOrganization(sql, given[0] ?? '');
      const details = await readDetails(sql, organization.id);
      const events = await readEventsOfOrganization(sql, organization.id);
      const document = { organization: toShownOrganization(organization), ...details, audit_events: events };
      printResult(
        values.json,
        document,
        () => toText(organization, details) + toSection('Audit events, newest first', toEventTable(events)),
      );
    });
    return 0;
  });
}

function toText(organization: Organization, details: Details): string {
  const shown = toShownOrganization(organization);
  return [
    toFields([
      ['name', shown.name],
      ['slug', shown.slug],
      ['id', shown.id],
      ['plan', shown.plan],
      ['created', shown.created_at],
      ['deleted', shown.deleted_at],
    ]),
    toSection(
      'Members',
      {
        headings: ['EMAIL', 'NAME', 'ROLE', 'STATE', 'JOINED', 'ID'],
        rows: details.members.map((one) => [
          one.email,
          one.name ?? '',
          one.role,
          one.disabled_at === null ? 'active' : 'disabled',
          one.joined_at.slice(0, 10),
          one.user_id,
        ]),
        cut: [0, 1],
      },
      details.more_members,
    ),
    toSection('Invitations that wait', {
      headings: ['EMAIL', 'ROLE', 'SENT', 'UNTIL'],
      rows: details.invitations.map((one) => [
        one.email,
        one.role,
        toShortTime(one.created_at),
        toShortTime(one.expires_at),
      ]),
      cut: [0],
    }),
    toSection('Join links', {
      headings: ['DOMAIN', 'USES', 'MADE', 'UNTIL'],
      rows: details.join_links.map((one) => [
        one.domain ?? 'any',
        one.maximum_uses === null ? String(one.uses) : `${one.uses} of ${one.maximum_uses}`,
        toShortTime(one.created_at),
        toShortTime(one.expires_at),
      ]),
      cut: [0],
    }),
  ].join('');
}
