/** `users export`: everything that is held on a person, for them. */
import { writeFile } from 'node:fs/promises';
import { fragment, type Database } from '../../db/sql.ts';
import { type AccountExport, gatherAccount } from '../../lib/accounts/export.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { readOperator } from '../operator/operator-name.ts';
import { refuseUnknown } from '../operator/refusal.ts';
import { readArguments, withDatabase } from '../operator/subcommand.ts';
import { findPerson, type Person } from './person.ts';

const usage = `Usage: npm run -s users -- export USER [--out FILE] [--as NAME]

Writes everything that is held on USER (an address or an id) to standard output, as GET /v1/me/export answers it.

  --out   writes it to FILE, which nobody else may read, and which is not there yet

Exit codes: 0 written, 1 failed, 2 wrong usage, 3 there is no such person.
`;

export async function exportUser(): Promise<number> {
  const { values, given } = readArguments(usage, {
    options: { as: { type: 'string' }, out: { type: 'string' } },
    names: ['USER'],
  });
  const operator = readOperator(usage, values.as);
  const document = await withDatabase(async (database) =>
    exportAccount(database, await findPerson(database.sql, given[0] ?? ''), operator),
  );
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (values.out === undefined) process.stdout.write(text);
  // A file that is there keeps its mode, and may be somebody else's.
  else await writeFile(values.out, text, { mode: 0o600, flag: 'wx' });
  return 0;
}

/** The event stands in the next export, not in this one. */
function exportAccount(
  database: Database,
  { id, email }: Person,
  operator: Operator,
): Promise<AccountExport> {
  return database.transaction(async (sql) => {
    const document = await gatherAccount(sql, id);
    if (!document) throw refuseUnknown(`${email} has been deleted meanwhile`);
    await sql`${auditOperatorAct(
      'account.exported',
      operator,
      'user',
      fragment`select id as user_id, null::uuid as organization_id, id as target_id from users where id = ${id}`,
    )}`;
    return document;
  });
}
