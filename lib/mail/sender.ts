/**
 * Sends what waits in the outbox. Each email is claimed by one statement under a lease, so that any number of senders
 * work side by side; who dies while it sends leaves an email that the next one sends again, under the same idempotency
 * key. A mailbox gets its emails one after the other, in the order in which they were written.
 */
import type { Sql } from '../../db/sql.ts';
import type { Log } from '../core/log.ts';
import type { Delivery, Outbox } from './outbox.ts';
import { composeEmail } from './compose.ts';
import { defaultLanguage, negotiateLanguage } from '../core/language.ts';
import type { EmailTemplate, EmailParameters } from './parameters.ts';
import {
  type Claimed,
  claimEmail,
  giveUpLateEmails,
  markDead,
  markFailed,
  markSent,
  nextDueMs,
} from './queue.ts';
import { decryptEmail } from './encryption.ts';
import type { OutgoingEmail, Transport, SendResult } from './transport.ts';
import type { Keyring } from '../core/keyring.ts';
import { toErrorCode } from '../core/error-message.ts';
import { SealError } from '../core/sealing.ts';

/** What a sender has of its host, however emails leave it. */
export interface SenderParts {
  readonly database: { readonly sql: Sql };
  readonly keyring: Keyring;
  readonly publicUrl: string;
  readonly log: Log;
}

export interface SenderOptions extends SenderParts {
  readonly transport: Transport;
  /** Emails under way at once. */
  readonly concurrency?: number;
  /** How long a claimed email is left alone by others; longer than a transport may take. */
  readonly leaseMs?: number;
  /** The longest wait after a first failure, and after many. The wait itself is drawn between nothing and that. */
  readonly backoff?: { readonly firstMs: number; readonly longestMs: number };
  /**
   * How often a sender that lives on looks by itself for what others wrote, and sooner when an email is due. Without
   * it, it only sends when asked.
   */
  readonly pollMs?: number;
}

export interface Sender extends Outbox {
  /** Claims no more emails; resolves when those under way have their result. */
  readonly stop: () => Promise<void>;
}

/** A platform that asks for deliveries gives a request some 30 seconds; what is left waits for the next one. */
const deliverForMs = 20_000;

export function createSender({
  database: { sql },
  transport,
  keyring,
  publicUrl,
  log,
  concurrency = 4,
  leaseMs = 60_000,
  backoff = { firstMs: 2000, longestMs: 900_000 },
  pollMs,
}: SenderOptions): Sender {
  const totals = { sent: 0, failed: 0, dead: 0 };
  const waitingForIdle: (() => void)[] = [];
  let working = 0;
  let wakes = 0;
  let claimsUntil = 0;
  let pausedUntil = 0;
  let stopped = false;
  let fault: unknown;
  let timer: NodeJS.Timeout | undefined;

  const mayClaim = () => !stopped && performance.now() >= pausedUntil && performance.now() < claimsUntil;

  /** One more worker, if there is room for it. */
  function startWorker(): void {
    if (!mayClaim() || working >= concurrency) return;
    clearTimeout(timer);
    const isFirst = ++working === 1;
    void work(isFirst)
      .catch((cause: unknown) => {
        fault = cause;
        log.warn('emails wait for the database', { cause: toErrorCode(cause) ?? 'an error' });
      })
      .then(() => {
        working--;
        if (working === 0) onIdle();
      });
  }

  async function work(isFirst: boolean): Promise<void> {
    if (isFirst) await giveUpLate();
    while (mayClaim()) {
      const wakesBefore = wakes;
      const email = await claimEmail(sql, leaseMs);
      if (email) {
        startWorker();
        await attempt(email);
        // An email that was written while the claim was on its way may not have been seen by it.
      } else if (wakesBefore === wakes) return;
    }
  }

  async function giveUpLate(): Promise<void> {
    for (const { id, template, lastError } of await giveUpLateEmails(sql))
      recordGivenUp(id, template, lastError);
  }

  async function attempt(claimed: Claimed): Promise<void> {
    const startedAt = performance.now();
    const { id, template, attempts } = claimed;
    const result = await deliver(claimed);
    if (result.outcome === 'accepted') {
      totals.sent++;
      log.info('email sent', { template, email_id: id, attempts });
      await markSent(sql, id);
      return;
    }
    const { reason } = result;
    const delayMs = result.outcome === 'later' ? toDelay(attempts, result.retryAfterMs) : 0;
    if (result.outcome === 'later' && result.throttled) {
      pausedUntil = Math.max(pausedUntil, performance.now() + delayMs);
    }
    const wouldBeLate = performance.now() - startedAt + delayMs >= claimed.remainingMs;
    if (result.outcome === 'refused' || wouldBeLate) {
      await markDead(sql, claimed, reason);
      recordGivenUp(id, template, reason);
    } else {
      totals.failed++;
      log.warn('email not sent yet', { template, email_id: id, attempts, reason, next_attempt_ms: delayMs });
      await markFailed(sql, claimed, reason, delayMs);
    }
  }

  async function deliver({ id, template, recipient, payload, locale }: Claimed): Promise<SendResult> {
    let parameters: unknown;
    try {
      parameters = decryptEmail({ id, payload: payload ?? new Uint8Array() }, keyring);
    } catch (cause) {
      // It may well be the last one of its secret: whoever took that out too early is told which one.
      return {
        outcome: 'refused',
        reason: cause instanceof SealError ? cause.message : (toErrorCode(cause) ?? 'an error'),
      };
    }
    try {
      // Whoever wrote the row encrypted what the email needs. If it is a newer release, an older one throws here and
      // leaves the email to it.
      const known = parameters as EmailParameters[EmailTemplate];
      const asked = 'acceptLanguage' in known ? negotiateLanguage(known.acceptLanguage) : undefined;
      const likely = 'inviterLanguage' in known ? known.inviterLanguage : defaultLanguage;
      const language = asked ?? locale ?? likely;
      const { subject, text, html } = await composeEmail(template, known, { publicUrl, language });
      return await transport.send(toOutgoing({ id, to: recipient, subject, text, html }));
    } catch (cause) {
      return { outcome: 'later', reason: toErrorCode(cause) ?? 'an error' };
    }
  }

  /** Full jitter: drawn between nothing and a bound that doubles; never sooner than the provider wants. */
  function toDelay(attempts: number, retryAfterMs = 0): number {
    const bound = Math.min(backoff.longestMs, backoff.firstMs * 2 ** (attempts - 1));
    return Math.round(Math.max(retryAfterMs, Math.random() * bound));
  }

  function recordGivenUp(id: string, template: string, reason: string): void {
    totals.dead++;
    log.error('email given up', { template, email_id: id, reason });
  }

  function onIdle(): void {
    for (const resolve of waitingForIdle.splice(0)) resolve();
    if (pollMs !== undefined && !stopped) void sleepUntilDue(pollMs);
  }

  async function sleepUntilDue(longestMs: number): Promise<void> {
    const dueMs = await nextDueMs(sql).catch(() => undefined);
    if (stopped || working > 0) return;
    const pauseMs = pausedUntil - performance.now();
    const delayMs = Math.max(pauseMs, Math.min(dueMs ?? longestMs, longestMs), 100);
    clearTimeout(timer);
    timer = setTimeout(() => {
      wake();
      // A timer may fire a moment before the pause is over.
      if (working === 0) void sleepUntilDue(longestMs);
    }, delayMs).unref();
  }

  function wake(): void {
    wakes++;
    claimsUntil = Number.POSITIVE_INFINITY;
    startWorker();
  }

  const idle = () =>
    working === 0 ? Promise.resolve() : new Promise<void>((resolve) => waitingForIdle.push(resolve));

  return {
    wake,
    deliver: async (): Promise<Delivery> => {
      const before = { ...totals };
      fault = undefined;
      wakes++;
      if (working === 0) claimsUntil = performance.now() + deliverForMs;
      startWorker();
      await idle();
      if (fault !== undefined) throw fault;
      return {
        sent: totals.sent - before.sent,
        failed: totals.failed - before.failed,
        dead: totals.dead - before.dead,
      };
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await idle();
    },
  };
}

/** What stands in a header stays in its line (RFC 5322, section 2.2). */
function toOutgoing(email: OutgoingEmail): OutgoingEmail {
  const toLine = (text: string) => text.replace(/\p{Cc}+/gu, ' ').trim();
  return { ...email, to: toLine(email.to), subject: toLine(email.subject) };
}
