/** What is sealed under an old secret of TOKEN_SECRET, sealed anew under the newest: the old one may go then. */
import { readFileSync } from 'node:fs';
import { createDatabaseClient } from '../db/client.ts';
import type { Sql } from '../db/sql.ts';
import { openCommandDatabase } from '../hosts/node/command-database.ts';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { toErrorMessage } from '../lib/core/error-message.ts';
import { createKeyring, type Keyring } from '../lib/core/keyring.ts';
import { tokenSecrets } from '../lib/core/token-secrets.ts';
import { EnvironmentError, optional, parseVariables } from '../lib/core/variables.ts';
import { resealEmails } from '../lib/mail/sealed-emails.ts';

const usage = `Usage: npm run -s secrets -- reseal

Opens every email that waits in the outbox under another secret than the first one of TOKEN_SECRET, and seals it anew
under that. Routers may run beside it, and it may be interrupted: what is done is done, and the next run does the rest.

  TOKEN_SECRET   the secrets of the routers, newest first, or TOKEN_SECRET_FILE that holds them, one a line
  DATABASE_URL   the database, or DATABASE_URL_FILE that holds it; without it (and not in production), the embedded
                 Postgres, whether Blockbot runs or not
  DATA_DIR       where the embedded Postgres is; .data unless set

Exit codes: 0 all is under the newest secret, 1 the database can't be reached, 2 wrong usage, 3 some emails open under
none of the secrets and stay as they are, 78 TOKEN_SECRET is missing or not as it should be.
`;

function readArguments(): void {
  const { positionals } = readCommandLine(usage, { options: {}, maximumPositionals: 1 });
  const [what] = positionals;
  if (what === undefined) refuseUsage(usage, 'Say what to do: reseal');
  if (what !== 'reseal') refuseUsage(usage, `'${what}' is not reseal, and nothing else can be done`);
}

/** @throws {EnvironmentError} */
function readKeyring(): Keyring {
  const { TOKEN_SECRET } = parseVariables({ TOKEN_SECRET: optional(tokenSecrets) }, process.env, {
    secretNames: ['TOKEN_SECRET'],
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  if (!TOKEN_SECRET) throw new EnvironmentError(['TOKEN_SECRET: required, as the routers have it']);
  return createKeyring(TOKEN_SECRET);
}

async function main(): Promise<number> {
  readArguments();
  const keyring = readKeyring();
  const { url, close } = await openCommandDatabase(process.env);
  const database = createDatabaseClient({ url });
  try {
    return tell(keyring, await resealAll(database.sql, keyring));
  } finally {
    await database.close();
    await close();
  }
}

async function resealAll(sql: Sql, keyring: Keyring) {
  let resealed = 0;
  const unopened: string[] = [];
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const batch = await resealEmails(sql, keyring, after);
    if (!batch) break;
    resealed += batch.resealed;
    unopened.push(...batch.unopened);
    after = batch.last;
    progress(`${resealed} sealed anew`);
  }
  progress('');
  return { resealed, unopened };
}

/** One line that is written over; nothing where nobody looks on. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function tell({ newest }: Keyring, { resealed, unopened }: Awaited<ReturnType<typeof resealAll>>): number {
  const emails = (count: number) => (count === 1 ? '1 email' : `${count} emails`);
  process.stdout.write(`${emails(resealed)} sealed anew under the newest secret (${newest.id})\n`);
  for (const reason of new Set(unopened)) {
    const count = unopened.filter((each) => each === reason).length;
    process.stdout.write(`${emails(count)} left as they were: ${reason}\n`);
  }
  return unopened.length === 0 ? 0 : 3;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`secrets: ${toErrorMessage(error)}\n`);
  process.exitCode = error instanceof EnvironmentError ? 78 : 1;
}
