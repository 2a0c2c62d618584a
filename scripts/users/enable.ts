/** `users enable`: the account can be signed in to again. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { readArguments } from '../operator/subcommand.ts';
import { actOnUser, actOptions, type Outcome } from './act.ts';
import type { Person } from './person.ts';

const usage = `Usage: npm run -s users -- enable USER [--as NAME] [--json]

USER (an address or an id) can sign in again, with the password that the account has. Sessions that have ended do not come
back.

Exit codes: 0 it is enabled, 1 failed, 2 wrong usage, 3 there is no such person.
`;

export async function enableUser(): Promise<number> {
  const { values, given } = readArguments(usage, { options: actOptions, names: ['USER'] });
  const { as, json } = values;
  return actOnUser({ usage, reference: given[0], as, json }, enable);
}

async function enable(sql: Sql, { id }: Person, operator: Operator): Promise<Outcome> {
  const enabled = await sql<{ id: string }>`
    with enabled as (
      update users set disabled_at = null, disabled_reason = null, updated_at = now()
      where id = ${id} and disabled_at is not null
      returning id
    )
    ${auditOperatorAct(
      'account.enabled',
      operator,
      'user',
      fragment`select id as user_id, null::uuid as organization_id, id as target_id from enabled`,
    )}
    returning id`;
  const changed = enabled.length > 0;
  return { changed, told: changed ? 'is enabled' : 'was not disabled' };
}
