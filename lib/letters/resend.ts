/** Letters through Resend (https://resend.com/docs/api-reference/emails/send-email). Runs on every platform. */
import { Resend } from 'resend';
import type { Transport, Verdict } from './transport.ts';

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
      // RFC 3834, section 5: nobody's holiday answers a letter that a machine wrote.
      const headers = { 'Auto-Submitted': 'auto-generated' };
      const letter = { from, to, subject, text, html, headers };
      const options = { idempotencyKey: id, signal: AbortSignal.timeout(timeoutMs) };
      return toVerdict(await resend.emails.send(letter, options));
    },
  };
}

type Answer = Awaited<ReturnType<Resend['emails']['send']>>;

/** The letter is at fault, and not our key, our domain, our address of Resend, our speed, or Resend itself. */
const refusals = new Set([400, 413, 422]);

/** What is not understood is no acceptance: an error page in JSON reaches us as neither data nor error. */
function toVerdict({ data, error, headers }: Answer): Verdict {
  if (typeof data?.id === 'string') return { outcome: 'accepted' };
  // Both come as the provider, or a proxy in front of it, wrote them.
  const status = Number(error?.statusCode);
  const name = /^[a-z_]{1,64}$/.exec(String(error?.name))?.[0] ?? 'unknown_error';
  // The key has sent a letter before, worded differently by another release: that one has arrived.
  if (name === 'invalid_idempotent_request') return { outcome: 'accepted' };
  const reason = Number.isInteger(status) && status > 0 ? `${status} ${name}` : name;
  if (refusals.has(status) && name !== 'invalid_from_address') return { outcome: 'refused', reason };
  const retryAfterMs = parseRetryAfter(headers?.['retry-after']);
  return { outcome: 'later', reason, retryAfterMs, throttled: status === 429 };
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const waitMs = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}
