/** `users end-sessions`: signs a person out everywhere. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditOperatorAct, type Operator } from '../../lib/core/audit-event.ts';
import { endVerifications } from '../../lib/sessions/pending-verifications.ts';
import { revokeSessionsOf } from '../../lib/sessions/revoke-sessions.ts';
import { readArguments } from '../operator/subcommand.ts';
import { actOnUser, actOptions, type Outcome, toSessions } from './act.ts';
import type { Person } from './person.ts';

const usage = `Usage: npm run -s users -- end-sessions USER [--as NAME] [--json]

Signs USER (an address or an id) out everywhere: every session, every mailed link and code and the trust in their devices
ends. They can sign in again.

Exit codes: 0 they have ended, 1 failed, 2 wrong usage, 3 there is no such person.
`;

export async function endSessions(): Promise<number> {
  const { values, given } = readArguments(usage, { options: actOptions, names: ['USER'] });
  const { as, json } = values;
  return actOnUser({ usage, reference: given[0], as, json, endsTokens: true }, end);
}

/** As the owner's "sign out everywhere" does (`sessions/session-revocation.ts`), with no session that goes on. */
async function end(sql: Sql, { id }: Person, operator: Operator): Promise<Outcome> {
  const [ended] = await sql<{ endedSessions: number }>`
    with owner as (
      update users set device_tokens_since = clock_timestamp() where id = ${id} returning id, email
    ), revoked as (${revokeSessionsOf(fragment`select id from owner`)}
    ), outdated as (${endVerifications(fragment`select id as user_id, email from owner`)}
    ), audited as (${auditOperatorAct(
      'session.all_revoked',
      operator,
      'user',
      fragment`select id as user_id, null::uuid as organization_id, id as target_id from owner`,
    )}
    )
    select (select count(*)::int from revoked) as ended_sessions from owner`;
  const endedSessions = ended?.endedSessions ?? 0;
  return {
    changed: true,
    told: `is signed out everywhere; ${toSessions(endedSessions)} ended`,
    more: { ended_sessions: endedSessions },
  };
}
