/** Asking for an email that signs in or proves an address, which anybody can do for any address. */
import { equalizeTiming } from '../core/equalize-timing.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  type Audience,
  createVerification,
  enqueueVerification,
  type VerificationRequest,
  type VerificationTemplates,
} from './verification.ts';

/** Mails it to whom the audience holds; the same work and the same time for everybody else. */
export async function requestVerification(
  { database, outbox, tokenSecret }: Pick<Services, 'database' | 'outbox' | 'tokenSecret'>,
  { userAgent, acceptLanguage, limits }: GuardedRequest<unknown, 'mailbox'>,
  wanted: Omit<VerificationRequest, 'userAgent' | 'acceptLanguage'>,
  { audience, templates }: { readonly audience: Audience; readonly templates: VerificationTemplates },
): Promise<void> {
  const startedAt = performance.now();
  const verification = createVerification({ ...wanted, userAgent, acceptLanguage }, tokenSecret);
  if (!limits.mailbox.exceeded) {
    await limits.mailbox.settle(await enqueueVerification(database.sql, verification, audience, templates));
  }
  outbox.wake();
  await equalizeTiming(startedAt);
}
