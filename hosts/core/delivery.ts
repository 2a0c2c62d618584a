/**
 * What sends the emails of a bundle: composes them, in every language, and hands them to Resend. A module of its own, which is
 * loaded when there is something to send. No process lives on here to sweep the tables, so the platform's scheduler, which asks
 * for deliveries every minute, has that done too.
 */
import type { Environment } from '../../lib/core/env.ts';
import { sweep } from '../../lib/core/retention.ts';
import type { Delivery, Outbox } from '../../lib/mail/outbox.ts';
import { createSender, type SenderParts } from '../../lib/mail/sender.ts';
import { createResendFetch } from './resend.ts';
import { toRetention } from './retention.ts';

/** The other connections of a request's few are for its answer. */
const concurrency = 2;

/** Beside the 20 s that sending may take, within the 30 s that a platform gives a request. */
const sweepForMs = 5000;

export interface BundledDelivery {
  /** Sends what is due; without `RESEND_API_KEY` nothing. */
  readonly deliver: Outbox['deliver'];
  /** The same, and deletes what is kept long enough. */
  readonly deliverAndSweep: Outbox['deliver'];
}

export function createDelivery(environment: Environment, parts: SenderParts): BundledDelivery {
  const { RESEND_API_KEY: apiKey, RESEND_BASE_URL: baseUrl, MAIL_FROM: from = '' } = environment;
  const retention = toRetention(environment);
  const deliver = apiKey === undefined ? deliverNothing : createDeliver(apiKey);

  function createDeliver(key: string): Outbox['deliver'] {
    const transport = createResendFetch({ apiKey: key, from, baseUrl });
    return createSender({ ...parts, transport, concurrency }).deliver;
  }

  return {
    deliver,
    deliverAndSweep: async (): Promise<Delivery> => {
      const delivery = await deliver();
      const endAt = performance.now() + sweepForMs;
      await sweep(parts.database.sql, retention, () => performance.now() < endAt);
      return delivery;
    },
  };
}

const deliverNothing: Outbox['deliver'] = () => Promise.resolve({ sent: 0, failed: 0, dead: 0 });
