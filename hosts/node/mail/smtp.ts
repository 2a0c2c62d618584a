/**
 * Emails through a mail server of one's own (RFC 5321). SMTP knows no idempotency keys: an email whose acceptance got lost is
 * sent again, under the same Message-ID, by which mail servers and readers may tell that it is the same.
 */
import { createTransport } from 'nodemailer';
import { withDeadline } from '../../../db/deadline.ts';
import { emailHeaders } from '../../../lib/mail/headers.ts';
import type { Transport, SendResult } from '../../../lib/mail/transport.ts';

/** For each step, and for all of them: a sender's lease is longer. */
const stepTimeoutMs = 10_000;
const timeoutMs = 45_000;

export interface SmtpTransport extends Transport {
  readonly close: () => void;
}

/** @param options.url `smtps://name:password@host`, or `smtp://` with STARTTLS where the server has it */
export function createSmtpTransport({ url, from }: { url: string; from: string }): SmtpTransport {
  const mailer = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: stepTimeoutMs,
    greetingTimeout: stepTimeoutMs,
    socketTimeout: stepTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.match(/@([^\s<>@]+)>?$/)?.[1] ?? 'localhost';
  return {
    send: async ({ id, to, subject, text, html }) => {
      try {
        const sending = mailer.sendMail({
          from,
          // As an object: no text in it is taken for a list of addresses.
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId: `<${id}@${domain}>`,
          headers: emailHeaders,
        });
        await withDeadline(timeoutMs, sending, toLate);
        return { outcome: 'accepted' };
      } catch (error) {
        return toSendResult(error);
      }
    },
    close: () => {
      mailer.close();
    },
  };
}

function toLate(): Error {
  return Object.assign(new Error('the mail server is too slow'), { code: 'ETIMEDOUT' });
}

/** A server that does not take us, or our own address, may do so once it is set right; the email is not at fault. */
function toSendResult(error: unknown): SendResult {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number };
  const stage = /^[A-Z ]{1,20}$/.exec(command ?? '')?.[0] ?? /^\w{1,20}$/.exec(code ?? '')?.[0] ?? 'unknown';
  const reason = responseCode === undefined ? `SMTP ${stage}` : `SMTP ${responseCode} at ${stage}`;
  const isPermanent = responseCode !== undefined && responseCode >= 500 && responseCode < 600;
  const isAboutEmail = command === 'RCPT TO' || command === 'DATA';
  return { outcome: isPermanent && isAboutEmail ? 'refused' : 'later', reason };
}
