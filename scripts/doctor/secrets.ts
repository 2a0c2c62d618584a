/** What is still sealed under an old secret of TOKEN_SECRET, so that it can't go yet. */
import { createDatabaseClient } from '../../db/client.ts';
import { isOutage } from '../../db/outage.ts';
import { toErrorMessage } from '../../lib/core/error-message.ts';
import { createKeyring } from '../../lib/core/keyring.ts';
import { countSealedEmails, type SealedEmails } from '../../lib/mail/sealed-emails.ts';
import { fail, type Finding, ok, warn } from './finding.ts';

const name = 'token secrets';
const reseal = 'docker compose -f docker-compose.prod.yml run --rm --no-deps router secrets reseal';

/** Nothing where the database is away, of which the line of `examineDatabase` tells. @param secrets newest first */
export async function examineSecrets(url: string, secrets: readonly string[]): Promise<Finding[]> {
  const database = createDatabaseClient({ url });
  try {
    const ids = createKeyring(secrets).keys.map(({ id }) => id);
    const [{ oldest } = { oldest: null }] = await database.sql<{ oldest: Date | null }>`
      select min(rotated_at) as oldest from live_sessions`;
    return judge(ids, await countSealedEmails(database.sql), oldest);
  } catch (error) {
    if (isOutage(error)) return [];
    return [
      fail(
        name,
        `not counted: ${toErrorMessage(error)}`,
        'Is it migrated, and may the role of DATABASE_URL read sessions and the outbox (deploy/postgres/roles.sh)?',
      ),
    ];
  } finally {
    await database.close();
  }
}

function judge(ids: readonly string[], counted: readonly SealedEmails[], oldest: Date | null): Finding[] {
  const foreign = counted.filter(({ sealId }) => sealId === null || !ids.includes(sealId));
  const findings = ids.map((id, nth) =>
    judgeSecret(`secret ${nth + 1} of ${ids.length} (${id})`, nth, countOf(id)),
  );
  if (ids.length > 1) {
    const since =
      oldest === null
        ? 'nobody is signed in'
        : `the oldest refresh token in use is of ${oldest.toISOString()}`;
    findings.push(
      ok(name, `${since}; a session whose token is older than the rotation ends with the secret`),
    );
  }
  return [...findings, ...foreign.map(judgeForeign)];

  function countOf(id: string): number {
    return counted.find(({ sealId }) => sealId === id)?.emails ?? 0;
  }
}

function judgeSecret(which: string, nth: number, emails: number): Finding {
  if (nth === 0) return ok(name, `${which} seals; emails under it: ${emails}`);
  return emails === 0
    ? ok(name, `${which}: nothing is sealed under it`)
    : warn(name, `${which}: emails still under it: ${emails}`, `Before it is taken out: ${reseal}`);
}

function judgeForeign({ sealId, emails }: SealedEmails): Finding {
  // Of those that the former release wrote, one in 256 has a header by chance.
  return sealId === null
    ? warn(name, `emails of a release without key ids: ${emails}`, `${reseal} gives them one`)
    : fail(
        name,
        `emails under ${sealId}, which is not in TOKEN_SECRET: ${emails}`,
        'They are given up when they are due: put that secret back at the end of TOKEN_SECRET, or let them go',
      );
}
