/** Fills a database with people to try things on: believable, always the same, and safe to run again. */
import { createHash } from 'node:crypto';
import { createDatabaseClient } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import type { Role } from '../db/schema.ts';
import { argon2id } from '../hosts/node/argon2.ts';
import { openCommandDatabase } from '../hosts/node/command-database.ts';
import type { Sql } from '../db/sql.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';
import { toInvitationLink } from '../lib/mail/parameters.ts';
import { hashToken } from '../lib/organizations/invitation.ts';
import { createApiKey } from '../lib/security/api-key.ts';

const password = 'correct horse battery staple';

const usage = `Usage: npm run seed

Writes three organizations and nine people, all with the password "${password}",
three open invitations and an API key. Who is there already stays as they are; one of the same slug or address that
was made otherwise is in the way. The link of each invitation is told, to be opened where Blockbot listens; "Send again"
on the page /organization/invitations mails it to /dev/mailbox.

  DATABASE_URL   the database, or DATABASE_URL_FILE that holds it; without it, the embedded Postgres, whether
                 Blockbot runs or not
  DATA_DIR       where the embedded Postgres is; .data unless set

Exit codes: 0 written, 1 the database can't be reached, something is in the way, or this is production, 2 wrong usage.
`;

const organizations: Readonly<Record<string, readonly (readonly [string, Role])[]>> = {
  'Harbour Logistics': [
    ['Ines Carvalho', 'owner'],
    ['Tomasz Zieliński', 'admin'],
    ['Mei-Ling Wu', 'member'],
    ['Oluwaseun Adeyemi', 'member'],
  ],
  'Nordlicht Studio': [
    ['Freja Lindqvist', 'owner'],
    ['Jonas Weber', 'owner'],
    ['Aoife Byrne', 'member'],
  ],
  'Quiet Garden Books': [
    ['Haruto Tanaka', 'owner'],
    ['Ines Carvalho', 'member'],
    ['Priya Raghunathan', 'admin'],
  ],
};

const invitations: Readonly<Record<string, readonly (readonly [string, Role])[]>> = {
  'Harbour Logistics': [
    ['Noor Haddad', 'member'],
    ['Aoife Byrne', 'admin'],
  ],
  'Nordlicht Studio': [['Luca Moretti', 'member']],
};

async function main(): Promise<number> {
  readCommandLine(usage, { options: {} });
  const { url, production, close } = await openCommandDatabase(process.env);
  try {
    if (production) throw new Error('made-up people do not belong in production');
    await migrate(url, new URL('../db/migrations/', import.meta.url));
    await write(url);
  } finally {
    await close();
  }
  return 0;
}

async function write(url: string): Promise<void> {
  const database = createDatabaseClient({ url });
  try {
    const passwordHash = await argon2id.hash(password);
    for (const [name, people] of Object.entries(organizations)) {
      await database.transaction((sql) => insertOrganization(sql, name, people, passwordHash));
      console.log(`${name}: ${people.map(([person, role]) => `${toEmail(person)} (${role})`).join(', ')}`);
      for (const [person, role] of invitations[name] ?? []) {
        await insertInvitation(database.sql, name, [person, role]);
        const link = toInvitationLink('', toToken(name, person));
        console.log(`  invites ${toEmail(person)} (${role}): ${link}`);
      }
    }
    const key = await insertKey(database.sql, 'Harbour Logistics');
    if (key !== undefined) console.log(`An API key of Harbour Logistics, told this once: ${key}`);
  } finally {
    await database.close();
  }
}

async function insertOrganization(
  sql: Sql,
  name: string,
  people: readonly (readonly [string, Role])[],
  passwordHash: string,
): Promise<void> {
  const organizationId = toUuid(name);
  await assertFree(sql, name, people);
  await sql`
    insert into organizations (id, name, slug) values (${organizationId}, ${name}, ${toSlug(name)})
    on conflict do nothing`;
  const [[founder] = ['']] = people;
  for (const [person, role] of people) {
    const userId = toUuid(person);
    const invitedBy = person === founder ? null : toUuid(founder);
    await sql`
      insert into users (id, email, name, password_hash, email_verified_at)
      values (${userId}, ${toEmail(person)}, ${person}, ${passwordHash}, now())
      on conflict do nothing`;
    await sql`
      insert into memberships (organization_id, user_id, role, invited_by)
      values (${organizationId}, ${userId}, ${role}, ${invitedBy})
      on conflict do nothing`;
  }
}

/** Whoever tries things may have made one of the same slug or address by hand, which is not ours to fill with people. */
async function assertFree(
  sql: Sql,
  name: string,
  people: readonly (readonly [string, Role])[],
): Promise<void> {
  const [organization] = await sql<{ slug: string }>`
    select slug from organizations where slug = ${toSlug(name)} and id <> ${toUuid(name)}`;
  if (organization) throw new Error(`another organization is called ${organization.slug}: rename it first`);
  const [account] = await sql<{ email: string }>`
    select email from users
    where email = any (${people.map(([person]) => toEmail(person))}::text[])
      and id <> all (${people.map(([person]) => toUuid(person))}::uuid[])`;
  if (account) throw new Error(`another account has the address ${account.email}: delete it first`);
}

/** By the founder. Their colleagues may have invited the same address meanwhile. */
async function insertInvitation(
  sql: Sql,
  organization: string,
  [person, role]: readonly [string, Role],
): Promise<void> {
  const [[founder] = ['']] = organizations[organization] ?? [];
  await sql`
    insert into invitations (id, organization_id, email, role, invited_by, token_hash, emails, expires_at)
    values (${toUuid(`${person} to ${organization}`)}, ${toUuid(organization)}, ${toEmail(person)}, ${role},
      ${toUuid(founder)}, ${hashToken(toToken(organization, person))}, 0, now() + interval '7 days')
    on conflict do nothing`;
}

/** Known to whoever reads this, as the password is. */
const toToken = (organization: string, person: string) =>
  createHash('sha256').update(`${person} to ${organization}`).digest('base64url');

/** Undefined where it was there already: what is stored of it is a hash. */
async function insertKey(sql: Sql, organization: string): Promise<string | undefined> {
  const { keyId, text, hash } = createApiKey(toUuid(`A key of ${organization}`));
  const inserted = await sql<{ id: string }>`
    insert into api_keys (id, organization_id, name, secret_hash, scopes)
    values (${keyId}, ${toUuid(organization)}, 'Importer', ${hash}, ${['members:read', 'audit:read']})
    on conflict do nothing returning id`;
  return inserted.length > 0 ? text : undefined;
}

const toSlug = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/\p{M}|[^\p{ASCII}]/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, '-');

const toEmail = (person: string) => `${toSlug(person).replaceAll('-', '.')}@example.com`;

/** The same name is the same row at every run (RFC 9562, section 5.8). */
function toUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`seed: ${toErrorMessage(error)}\n`);
  process.exitCode = 1;
}
