/** `users disable`: from now on nobody signs in to the account. */
import { type DisabledReason, disabledReasons } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { refuseUsage } from '../../lib/core/command-line.ts';
import { endVerifications } from '../../lib/sessions/pending-verifications.ts';
import { revokeSessionsOf } from '../../lib/sessions/revoke-sessions.ts';
import { readArguments } from '../operator/subcommand.ts';
import { actOnUser, actOptions, type Outcome, toSessions } from './act.ts';
import type { Person } from './person.ts';

const usage = `Usage: npm run -s users -- disable USER --reason ${disabledReasons.join('|')} [--as NAME] [--json]

Nobody signs in to the account of USER (an address or an id) until it is enabled again. Its sessions, its mailed links and
codes and the trust in its devices end now; its API keys, and those of an organization in which nobody else is, open nothing. Who has the right password, or a mailed code, is told that it is disabled, and
nobody else. Once more with another reason, it changes the reason.

Exit codes: 0 it is disabled, 1 failed, 2 wrong usage, 3 there is no such person.
`;

export async function disableUser(): Promise<number> {
  const { values, given } = readArguments(usage, {
    options: { ...actOptions, reason: { type: 'string' } },
    names: ['USER'],
  });
  const { reason: text, ...rest } = values;
  const reason = disabledReasons.find((known) => known === text);
  if (text === undefined) refuseUsage(usage, `--reason is missing: ${disabledReasons.join(', ')}`);
  if (reason === undefined)
    refuseUsage(usage, `--reason '${text}' is none of: ${disabledReasons.join(', ')}`);
  return actOnUser({ usage, reference: given[0], ...rest, endsTokens: true }, (sql, person, operator) =>
    disable(sql, { person, reason, operator }),
  );
}

interface Disabling {
  readonly person: Person;
  readonly reason: DisabledReason;
  readonly operator: Operator;
}

async function disable(sql: Sql, { person, reason, operator }: Disabling): Promise<Outcome> {
  const [disabled] = await sql<{ endedSessions: number; organizationIds: readonly string[] }>`
    with disabled as (
      update users
      set disabled_at = coalesce(disabled_at, now()), disabled_reason = ${reason}, updated_at = now(),
        device_tokens_since = clock_timestamp()
      where id = ${person.id} and disabled_reason is distinct from ${reason}
      returning id, email
    ), revoked as (${revokeSessionsOf(fragment`select id from disabled`)}
    ), outdated as (${endVerifications(fragment`select id as user_id, email from disabled`)}
    ), audited as (${auditOperatorAct(
      'account.disabled',
      operator,
      'user',
      fragment`select id as user_id, null::uuid as organization_id, id as target_id from disabled`,
    )}
    )
    select (select count(*)::int from revoked) as ended_sessions,
      array(select organization_id::text from memberships where user_id = disabled.id) as organization_ids
    from disabled`;
  if (!disabled) return { changed: false, told: `was disabled before (${reason})` };
  const { endedSessions, organizationIds } = disabled;
  return {
    changed: true,
    told: `is disabled (${reason}); ${toSessions(endedSessions)} ended`,
    more: { ended_sessions: endedSessions },
    organizationIds,
  };
}
