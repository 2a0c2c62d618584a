/**
 * Emails of a bundle: what a request has written is sent at once, behind its answer. Without `RESEND_API_KEY` it waits
 * for another host on the same database, such as the router, to send it. No process lives on here to sweep the tables, so
 * the platform's scheduler, which asks for deliveries every minute, has that done too.
 */
import type { Environment } from '../../lib/core/env.ts';
import { sweep } from '../../lib/core/retention.ts';
import { createSender, type SenderParts } from '../../lib/mail/sender.ts';
import type { Outbox } from '../../lib/mail/outbox.ts';
import type { Background } from './background.ts';
import { createResendFetch } from './resend.ts';
import { toRetention } from './retention.ts';

/** The other connections of a request's few are for its answer. */
const concurrency = 2;

/** Beside the 20 s that sending may take, within the 30 s that a platform gives a request. */
const sweepForMs = 5000;

/** @returns the outbox of one request, whose background is its own */
export function createOutbox(
  environment: Environment,
  parts: SenderParts,
): (background: Background) => Outbox {
  const { RESEND_API_KEY: apiKey, RESEND_BASE_URL: baseUrl, MAIL_FROM: from = '' } = environment;
  const retention = toRetention(environment);
  const deliver = apiKey === undefined ? deliverNothing : createDeliver(apiKey);

  function createDeliver(key: string): Outbox['deliver'] {
    const transport = createResendFetch({ apiKey: key, from, baseUrl });
    return createSender({ ...parts, transport, concurrency }).deliver;
  }

  return (background) => ({
    wake: () => {
      // What went wrong the log has been told, and the email waits for the next one who looks.
      background(deliver().catch(() => undefined));
    },
    deliver: async () => {
      const delivery = await deliver();
      const endAt = performance.now() + sweepForMs;
      await sweep(parts.database.sql, retention, () => performance.now() < endAt);
      return delivery;
    },
  });
}

const deliverNothing: Outbox['deliver'] = () => Promise.resolve({ sent: 0, failed: 0, dead: 0 });
