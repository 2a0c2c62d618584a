/** `users show`: what an operator has to know of one person, and no secret. */
import { printResult, toFields, toSection, toShortTime } from '../operator/output.ts';
import { readEventsOfUser, toEventTable } from '../operator/audit-trail.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { type Details, readDetails } from './details.ts';
import { findPerson, toShownPerson, toState, type Person } from './person.ts';

const usage = `Usage: npm run -s users -- show USER [--json]

Shows the account of USER (an address or an id): its organizations and roles, its live sessions, the mailed links and codes
that can still be used, and the newest of its audit events. No secret and no hash is shown.

Exit codes: 0 shown, 1 failed, 2 wrong usage, 3 there is no such person.
`;

export async function showUser(): Promise<number> {
  const { values, given } = readArguments(usage, { options: { json: { type: 'boolean' } }, names: ['USER'] });
  return withDatabase(async ({ transaction }) => {
    await transaction(async (sql) => {
      const person = await findPerson(sql, given[0] ?? '');
      const details = await readDetails(sql, person.id);
      const events = await readEventsOfUser(sql, person.id);
      const { account, ...lists } = details;
      const document = { user: { ...toShownPerson(person), ...account }, ...lists, audit_events: events };
      printResult(
        values.json,
        document,
        () => toText(person, details) + toSection('Audit events, newest first', toEventTable(events)),
      );
    });
    return 0;
  });
}

function toText(person: Person, { account, organizations, sessions, verifications }: Details): string {
  const shown = toShownPerson(person);
  const { email_verified_at: verifiedAt } = shown;
  return [
    toFields([
      ['email', shown.email],
      ['name', shown.name],
      ['id', shown.id],
      ['state', toState(person)],
      ['password', account.has_password ? 'set' : 'none: signs in by mailed links'],
      ['language', account.locale],
      ['verified', verifiedAt],
      ['disabled', shown.disabled_at],
      ['registered', shown.created_at],
      ['changed', account.updated_at],
    ]),
    toSection('Organizations', {
      headings: ['NAME', 'SLUG', 'ROLE', 'JOINED', 'DELETED', 'ID'],
      rows: organizations.map((one) => [
        one.name,
        one.slug,
        one.role,
        one.joined_at.slice(0, 10),
        one.deleted_at?.slice(0, 10) ?? '',
        one.id,
      ]),
      cut: [0, 1],
    }),
    toSection('Sessions', {
      headings: ['DEVICE', 'ADDRESS', 'STARTED', 'LAST USED', 'ID'],
      rows: sessions.map((one) => [
        one.device ?? '',
        one.address ?? '',
        toShortTime(one.created_at),
        toShortTime(one.last_used_at),
        one.id,
      ]),
      cut: [0],
    }),
    toSection('Mailed and not used yet', {
      headings: ['PURPOSE', 'TO', 'UNTIL'],
      rows: verifications.map((one) => [one.purpose, one.email, toShortTime(one.expires_at)]),
      cut: [1],
    }),
  ].join('');
}
