/** What an operator does about people's accounts: over the database, whether Blockbot runs or not. */
import { runSubcommand } from './operator/subcommand.ts';
import { deleteUser } from './users/delete.ts';
import { disableUser } from './users/disable.ts';
import { enableUser } from './users/enable.ts';
import { endSessions } from './users/end-sessions.ts';
import { exportUser } from './users/export.ts';
import { findUsers } from './users/find.ts';
import { showUser } from './users/show.ts';
import { verifyUser } from './users/verify.ts';

const usage = `Usage: npm run -s users -- find|show|disable|enable|end-sessions|verify|delete|export ... [--json]

What an operator does about people's accounts. Each has a --help of its own.

  find           people by a part of their address, by id, by organization
  show           one person: account, organizations, sessions, what waits in their mailbox, the audit trail
  disable        nobody signs in to the account, and its sessions end
  enable         takes that back
  end-sessions   signs the person out everywhere
  verify         marks their address as proven
  delete         the account and what belongs to nobody else, for good
  export         everything that is held on them, as GET /v1/me/export answers it

A person is named by their whole address or their id. What changes something writes an audit event as an operator's, named
by $USER or --as NAME.

  DATABASE_URL   the database, or DATABASE_URL_FILE that holds it; without it (and not in production), the embedded
                 Postgres, whether Blockbot runs or not
  DATA_DIR       where the embedded Postgres is; .data unless set

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 there is no such person or organization.
`;

process.exitCode = await runSubcommand('users', usage, {
  find: findUsers,
  show: showUser,
  disable: disableUser,
  enable: enableUser,
  'end-sessions': endSessions,
  verify: verifyUser,
  delete: deleteUser,
  export: exportUser,
});
