/**
 * Emails of a bundle: what a request has written is sent at once, behind its answer. Without `RESEND_API_KEY` it waits
 * for another host on the same database, such as the router, to send it.
 */
import type { Environment } from '../../lib/core/env.ts';
import { createSender, type SenderParts } from '../../lib/mail/sender.ts';
import type { Outbox } from '../../lib/mail/outbox.ts';
import type { Background } from './background.ts';
import { createResendFetch } from './resend.ts';

/** The other connections of a request's few are for its answer. */
const concurrency = 2;

/** @returns the outbox of one request, whose background is its own */
export function createOutbox(
  { RESEND_API_KEY: apiKey, RESEND_BASE_URL: baseUrl, MAIL_FROM: from = '' }: Environment,
  parts: SenderParts,
): (background: Background) => Outbox {
  if (apiKey === undefined) {
    const deliver = () => Promise.resolve({ sent: 0, failed: 0, dead: 0 });
    return () => ({ wake: () => undefined, deliver });
  }
  const transport = createResendFetch({ apiKey, from, baseUrl });
  const { deliver } = createSender({ ...parts, transport, concurrency });
  return (background) => ({
    wake: () => {
      // What went wrong the log has been told, and the email waits for the next one who looks.
      background(deliver().catch(() => undefined));
    },
    deliver,
  });
}
