/**
 * Emails of a bundle: what a request has written is sent at once, behind its answer. Without `RESEND_API_KEY` it waits
 * for another host on the same database, such as the router, to send it.
 */
import type { Environment } from '../../lib/core/env.ts';
import type { Outbox } from '../../lib/mail/outbox.ts';
import type { SenderParts } from '../../lib/mail/sender.ts';
import type { Background } from './background.ts';
import type { BundledDelivery } from './delivery.ts';

/** @returns the outbox of one request, whose background is its own */
export function createOutbox(
  environment: Environment,
  parts: SenderParts,
): (background: Background) => Outbox {
  const sends = environment.RESEND_API_KEY !== undefined;
  let delivery: BundledDelivery | undefined;

  /** Loaded only here: most requests of a function that may write an email write none, and what composes them weighs as much as a driver. */
  async function load(): Promise<BundledDelivery> {
    const { createDelivery } = await import('./delivery.ts');
    // The value is kept and not its promise: on Workers, whoever waits for another request's promise waits forever.
    return (delivery ??= createDelivery(environment, parts));
  }

  async function deliver(): Promise<void> {
    const { deliver: send } = delivery ?? (await load());
    // What went wrong the log has been told, and the email waits for the next one who looks.
    await send().catch(() => undefined);
  }

  return (background) => ({
    wake: () => {
      if (sends) background(deliver());
    },
    deliver: async () => (delivery ?? (await load())).deliverAndSweep(),
  });
}
