/**
 * Emails through Resend (https://resend.com/docs/api-reference/emails/send-email) by one POST, for bundles: its
 * package would weigh more than the function that wants an email sent.
 */
import {
  type ResendOptions,
  resendTimeoutMs,
  toResendMessage,
  toSendResult,
  toUnanswered,
} from '../../lib/mail/resend.ts';
import type { Transport } from '../../lib/mail/transport.ts';

export function createResendFetch({
  apiKey,
  from,
  baseUrl = 'https://api.resend.com',
  timeoutMs = resendTimeoutMs,
}: ResendOptions): Transport {
  return {
    send: async (email) => {
      const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/emails`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${apiKey}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': email.id,
        },
        body: JSON.stringify(toResendMessage(email, from)),
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((error: unknown) => toUnanswered(error));
      if ('outcome' in response) return response;
      const { status, ok, headers } = response;
      // A page of a proxy's is no JSON.
      const said: unknown = await response.json().catch(() => ({ name: 'application_error' }));
      const { id: accepted, name } = (said ?? {}) as { id?: unknown; name?: unknown };
      const retryAfter = headers.get('retry-after');
      return toSendResult({ id: ok ? accepted : undefined, name, status, retryAfter });
    },
  };
}
