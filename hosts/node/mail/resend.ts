/**
 * Emails through Resend (https://resend.com/docs/api-reference/emails/send-email) by its own package, where its 117 kB
 * weigh nothing. Bundles use `hosts/core/resend.ts`.
 */
import { Resend } from 'resend';
import { emailHeaders, toVerdict } from '../../../lib/mail/resend.ts';
import type { Transport } from '../../../lib/mail/transport.ts';

/**
 * @param options.baseUrl where Resend answers; its own address unless told
 * @param options.timeoutMs how long an answer may take
 */
export function createResendTransport({
  apiKey,
  from,
  baseUrl,
  timeoutMs = 10_000,
}: {
  apiKey: string;
  from: string;
  baseUrl?: string | undefined;
  timeoutMs?: number;
}): Transport {
  const resend = new Resend(apiKey, {
    ...(baseUrl !== undefined && { baseUrl: baseUrl.replace(/\/+$/, '') }),
  });
  return {
    send: async ({ id, to, subject, text, html }) => {
      const message = { from, to, subject, text, html, headers: emailHeaders };
      const options = { idempotencyKey: id, signal: AbortSignal.timeout(timeoutMs) };
      const { data, error, headers } = await resend.emails.send(message, options);
      const { statusCode: status, name } = error ?? {};
      return toVerdict({ id: data?.id, status, name, retryAfter: headers?.['retry-after'] });
    },
  };
}
