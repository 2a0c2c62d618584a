/** The emails that were given up. What they said is erased by then, so there is nothing to send again: people ask anew. */
import { createDatabaseClient } from '../db/client.ts';
import { openCommandDatabase } from '../hosts/node/command-database.ts';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';

const usage = `Usage: npm run -s outbox -- dead [--json]

Lists the emails that were given up in the last 30 days, newest first: when, which one, why, after how many
attempts, and whose account (its id). Neither addresses nor contents are shown.

  --json         one JSON object a line
  DATABASE_URL   the database, or DATABASE_URL_FILE that holds it; without it (and not in production), the embedded
                 Postgres, whether Blockbot runs or not
  DATA_DIR       where the embedded Postgres is; .data unless set

Exit codes: 0 there are none, 1 the database can't be reached, 2 wrong usage, 3 there are some.
`;

interface DeadEmail {
  readonly id: string;
  readonly template: string;
  readonly userId: string | null;
  readonly attempts: number;
  readonly deadAt: Date;
  readonly lastError: string | null;
}

function readArguments() {
  const { values, positionals } = readCommandLine(usage, {
    options: { json: { type: 'boolean' } },
    maximumPositionals: 1,
  });
  const [what] = positionals;
  if (what === undefined) refuseUsage(usage, 'Say which emails: dead');
  if (what !== 'dead') refuseUsage(usage, `'${what}' is not dead, and there are no other lists`);
  return values;
}

async function main(): Promise<number> {
  const values = readArguments();
  const emails = await readDeadEmails();
  for (const email of emails)
    process.stdout.write(`${values.json ? JSON.stringify(email) : toLine(email)}\n`);
  if (emails.length === 0 && !values.json) process.stdout.write('No email was given up.\n');
  return emails.length === 0 ? 0 : 3;
}

async function readDeadEmails(): Promise<readonly DeadEmail[]> {
  const { url, close } = await openCommandDatabase(process.env);
  const database = createDatabaseClient({ url });
  try {
    return await database.sql<DeadEmail>`
      select id, letter as template, user_id, attempts, dead_at, last_error from outbox
      where dead_at is not null
      order by dead_at desc, id desc`;
  } finally {
    await database.close();
    await close();
  }
}

function toLine({ id, template, userId, attempts, deadAt, lastError }: DeadEmail): string {
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  return `${deadAt.toISOString()}  ${id}  ${template}  ${tries}  account ${userId ?? 'none'}  ${lastError ?? ''}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`outbox: ${toErrorMessage(error)}\n`);
  process.exitCode = 1;
}
