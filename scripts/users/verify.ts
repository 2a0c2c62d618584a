/** `users verify`: an address counts as proven, by the operator's word. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { endVerifications } from '../../lib/sessions/pending-verifications.ts';
import { readArguments } from '../operator/subcommand.ts';
import { actOnUser, actOptions, type Outcome } from './act.ts';
import type { Person } from './person.ts';

const usage = `Usage: npm run -s users -- verify USER [--as NAME] [--json]

Marks the address of USER (an address or an id) as proven, where no email gets through. Password and sessions stay: be sure
that whoever asks for it is who registered, and not the mailbox's owner whom somebody else has registered. Mailed links
and codes that wait end.

Exit codes: 0 it is verified, 1 failed, 2 wrong usage, 3 there is no such person.
`;

export async function verifyUser(): Promise<number> {
  const { values, given } = readArguments(usage, { options: actOptions, names: ['USER'] });
  const { as, json } = values;
  return actOnUser({ usage, reference: given[0], as, json }, verify);
}

async function verify(sql: Sql, { id }: Person, operator: Operator): Promise<Outcome> {
  const verified = await sql<{ id: string }>`
    with verified as (
      update users set email_verified_at = now(), updated_at = now()
      where id = ${id} and email_verified_at is null
      returning id, email
    ), outdated as (${endVerifications(fragment`select id as user_id, email from verified`)}
    )
    ${auditOperatorAct(
      'email.verified',
      operator,
      'user',
      fragment`select id as user_id, null::uuid as organization_id, id as target_id from verified`,
    )}
    returning id`;
  const changed = verified.length > 0;
  return { changed, told: changed ? 'is verified' : 'was verified before' };
}
