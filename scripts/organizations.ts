/** What an operator does about organizations: over the database, whether Blockbot runs or not. */
import { runSubcommand } from './operator/subcommand.ts';
import { findOrganizations } from './organizations/find.ts';
import { purgeOrganization } from './organizations/purge.ts';
import { restoreOrganization } from './organizations/restore.ts';
import { setOwner } from './organizations/set-owner.ts';
import { setPlan } from './organizations/set-plan.ts';
import { showOrganization } from './organizations/show.ts';

const usage = `Usage: npm run -s organizations -- find|show|restore|purge|set-owner|set-plan ... [--json]

What an operator does about organizations. Each has a --help of its own.

  find        organizations by a part of their name or slug, or by id
  show        one of them: plan, members, invitations, join link, the audit trail
  restore     takes a deletion back, within its 30 days
  purge       erases one that is deleted, before its 30 days are over
  set-owner   makes a member an owner, where the owners are gone
  set-plan    how much its API keys may ask

An organization is named by its slug or its id. What changes something writes an audit event as an operator's, named by
$USER or --as NAME.

  DATABASE_URL   the database, or DATABASE_URL_FILE that holds it; without it (and not in production), the embedded
                 Postgres, whether Blockbot runs or not
  DATA_DIR       where the embedded Postgres is; .data unless set

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 there is no such organization or person.
`;

process.exitCode = await runSubcommand('organizations', usage, {
  find: findOrganizations,
  show: showOrganization,
  restore: restoreOrganization,
  purge: purgeOrganization,
  'set-owner': setOwner,
  'set-plan': setPlan,
});
