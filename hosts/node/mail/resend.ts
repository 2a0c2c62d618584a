/**
 * Emails through Resend (https://resend.com/docs/api-reference/emails/send-email) by its own package, where its 117 kB
 * weigh nothing. Bundles use `hosts/core/resend.ts`.
 */
import { Resend } from 'resend';
import {
  type ResendOptions,
  resendTimeoutMs,
  toResendMessage,
  toSendResult,
} from '../../../lib/mail/resend.ts';
import type { Transport } from '../../../lib/mail/transport.ts';

export function createResendTransport({
  apiKey,
  from,
  baseUrl,
  timeoutMs = resendTimeoutMs,
}: ResendOptions): Transport {
  const resend = new Resend(apiKey, {
    ...(baseUrl !== undefined && { baseUrl: baseUrl.replace(/\/+$/, '') }),
  });
  return {
    send: async (email) => {
      // Of a fetch that failed it says nothing more than `application_error`.
      const options = { idempotencyKey: email.id, signal: AbortSignal.timeout(timeoutMs) };
      const { data, error, headers } = await resend.emails.send(toResendMessage(email, from), options);
      const { statusCode: status, name } = error ?? {};
      return toSendResult({ id: data?.id, status, name, retryAfter: headers?.['retry-after'] });
    },
  };
}
