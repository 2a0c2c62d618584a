/** Asking for an email that signs in or proves an address, which anybody can do for any address. */
import { equalizeTiming } from '../core/equalize-timing.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { readDeviceTokensSince } from './device-tokens-since.ts';
import {
  type Audience,
  createVerification,
  enqueueVerification,
  type VerificationRequest,
  type VerificationTemplates,
} from './verification.ts';

/** Mails it to whom the audience holds; the same work and the same time for everybody else. */
export async function requestVerification(
  { database, outbox, keyring }: Pick<Services, 'database' | 'outbox' | 'keyring'>,
  { userAgent, acceptLanguage, limits }: GuardedRequest<unknown, 'mailbox'>,
  wanted: Omit<VerificationRequest, 'userAgent' | 'acceptLanguage'>,
  { audience, templates }: { readonly audience: Audience; readonly templates: VerificationTemplates },
): Promise<void> {
  const startedAt = performance.now();
  const verification = createVerification({ ...wanted, userAgent, acceptLanguage }, keyring);
  await limits.mailbox.checkDevice(() => readDeviceTokensSince(database.sql, wanted.email));
  const mailed = await enqueueVerification(
    database.sql,
    verification,
    limits.mailbox.exceeded ? 'nobody' : audience,
    templates,
  );
  await limits.mailbox.settle(mailed);
  await equalizeTiming(startedAt);
  outbox.wake();
}
