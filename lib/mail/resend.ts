/** What Resend is told and what its answers mean (https://resend.com/docs/api-reference/errors), by package or by fetch. */
import { toErrorCode } from '../core/error-message.ts';
import { emailHeaders } from './headers.ts';
import type { OutgoingEmail, SendResult } from './transport.ts';

export interface ResendOptions {
  readonly apiKey: string;
  /** The sender of all emails. */
  readonly from: string;
  /** Where Resend answers; its own address unless told. */
  readonly baseUrl?: string | undefined;
  /** How long an answer may take; `resendTimeoutMs` unless told. */
  readonly timeoutMs?: number;
}

export const resendTimeoutMs = 10_000;

/** The email without its id, which goes as the idempotency key. */
export function toResendMessage({ to, subject, text, html }: OutgoingEmail, from: string) {
  return { from, to, subject, text, html, headers: emailHeaders };
}

/** As the provider, or a proxy in front of it, wrote it. */
export interface ResendResponse {
  /** The email's id at Resend, when it took it. */
  readonly id?: unknown;
  readonly status?: unknown;
  /** The kind of an error. */
  readonly name?: unknown;
  readonly retryAfter?: string | null | undefined;
}

/** The email is at fault, and not our key, our domain, our address of Resend, our speed, or Resend itself. */
const refusals = new Set([400, 413, 422]);

/** What is not understood is no acceptance: an error page in JSON has neither an id nor a name. */
export function toSendResult(answer: ResendResponse): SendResult {
  if (typeof answer.id === 'string') return { outcome: 'accepted' };
  const status = Number(answer.status);
  const name =
    (typeof answer.name === 'string' && /^[a-z_]{1,64}$/.exec(answer.name)?.[0]) || 'unknown_error';
  // The key has sent an email before, worded differently by another release: that one has arrived.
  if (name === 'invalid_idempotent_request') return { outcome: 'accepted' };
  const reason = Number.isInteger(status) && status > 0 ? `${status} ${name}` : name;
  if (refusals.has(status) && name !== 'invalid_from_address') return { outcome: 'refused', reason };
  const retryAfterMs = parseRetryAfter(answer.retryAfter);
  return { outcome: 'later', reason, retryAfterMs, throttled: status === 429 };
}

/** No answer came: the code says why, as `ENOTFOUND` or `TimeoutError`. */
export function toUnanswered(error: unknown): SendResult {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return { outcome: 'later', reason: toErrorCode(cause) ?? 'application_error' };
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function parseRetryAfter(value: string | null | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  const waitMs = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}
