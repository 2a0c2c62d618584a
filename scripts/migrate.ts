import { parseArgs } from 'node:util';
import { grantAppRole } from '../db/app-role.ts';
import { migrate } from '../db/migrate.ts';
import { openCommandDatabase } from '../hosts/node/command-database.ts';
import { toWords } from '../lib/core/words.ts';

const usage = `npm run migrate

Applies the migrations in db/migrations that the database does not have yet.

  DATABASE_URL   the database, or DATABASE_URL_FILE that holds it; without it (and not in production), the embedded
                 Postgres under
  DATA_DIR       (default .data), whether the server runs already or not
  DATABASE_APP_ROLE  the role that the router connects as, if that is another one: it is given what the router needs, and
                 can't change the audit trail. DATABASE_URL is then that of the role that owns the tables.

Exit code: 0 when the database is up to date, 1 when it could not be brought there, 2 for wrong usage.`;

async function main(): Promise<number> {
  let help: boolean | undefined;
  try {
    ({ help } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values);
  } catch (error) {
    console.error(`${toWords(error)}\n\n${usage}`);
    return 2;
  }
  if (help) {
    console.log(usage);
    return 0;
  }
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
    console.error(`migrate: ${toWords(error)}`);
    return 1;
  }
}

async function grant(url: string, role: string | undefined): Promise<void> {
  if (!role) return;
  await grantAppRole(url, role);
  console.log(`granted to ${role}`);
}

process.exitCode = await main();
