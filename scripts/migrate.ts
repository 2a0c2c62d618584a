import { grantAppRole } from '../db/app-role.ts';
import { migrate } from '../db/migrate.ts';
import { openCommandDatabase } from '../hosts/node/command-database.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';

const usage = `Usage: npm run migrate

Applies the migrations in db/migrations that the database does not have yet.

  DATABASE_URL   the database, or DATABASE_URL_FILE that holds it; without it (and not in production), the embedded
                 Postgres, whether Blockbot runs or not
  DATA_DIR       where the embedded Postgres is; .data unless set
  DATABASE_APP_ROLE  the role that the router connects as, if that is another one: it is given what the router needs, and
                 can't change the audit trail. DATABASE_URL is then that of the role that owns the tables.

Exit codes: 0 the database is up to date, 1 it could not be brought there, 2 wrong usage.
`;

async function main(): Promise<number> {
  readCommandLine(usage, { options: {} });
  try {
    const { url, close } = await openCommandDatabase(process.env);
    try {
      const applied = await migrate(url, new URL('../db/migrations/', import.meta.url));
      for (const name of applied) console.log(`applied ${name}`);
      if (applied.length === 0) console.log('nothing to apply');
      await grant(url, process.env['DATABASE_APP_ROLE']?.trim());
    } finally {
      await close();
    }
    return 0;
  } catch (error) {
    console.error(`migrate: ${toErrorMessage(error)}`);
    return 1;
  }
}

async function grant(url: string, role: string | undefined): Promise<void> {
  if (!role) return;
  await grantAppRole(url, role);
  console.log(`granted to ${role}`);
}

process.exitCode = await main();
