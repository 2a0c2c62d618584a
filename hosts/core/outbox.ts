/**
 * Emails of a bundle: what a request has written is sent at once, behind its answer. Without `RESEND_API_KEY` it waits
 * for another host on the same database, such as the router, to send it.
 */
import type { Sql } from '../../db/sql.ts';
import type { Environment } from '../../lib/core/env.ts';
import { createSender } from '../../lib/mail/sender.ts';
import type { Log } from '../../lib/core/log.ts';
import type { Outbox } from '../../lib/mail/outbox.ts';
import { createResendFetch } from './resend.ts';

export interface OutboxParts {
  readonly database: { readonly sql: Sql };
  readonly log: Log;
  readonly tokenSecret: string;
  readonly publicUrl: string;
  /** Keeps the platform from ending us before this work is done. */
  readonly background: (work: Promise<unknown>) => void;
}

/** The other connections of a request's few are for its answer. */
const concurrency = 2;

export function createOutbox(
  { RESEND_API_KEY: apiKey, RESEND_BASE_URL: baseUrl, MAIL_FROM: from = '' }: Environment,
  { background, ...parts }: OutboxParts,
): Outbox {
  if (apiKey === undefined) {
    return { wake: () => undefined, deliver: () => Promise.resolve({ sent: 0, failed: 0, dead: 0 }) };
  }
  const transport = createResendFetch({ apiKey, from, baseUrl });
  const sender = createSender({ ...parts, transport, concurrency });
  return {
    wake: () => {
      background(
        // What went wrong the log has been told, and the email waits for the next one who looks.
        sender.deliver().catch(() => undefined),
      );
    },
    deliver: sender.deliver,
  };
}
