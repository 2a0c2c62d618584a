/** Emails of the container: through Resend, a mail server of one's own, or where neither is named into the dev mailbox. */
import type { Environment } from '../../../lib/core/env.ts';
import { createSender, type SenderParts } from '../../../lib/mail/sender.ts';
import type { Transport } from '../../../lib/mail/transport.ts';
import type { Outbox } from '../../../lib/mail/outbox.ts';
import type { DevMailbox } from './dev-mailbox.ts';

export interface Mail {
  readonly outbox: Outbox;
  /** Where emails can be read that go nowhere else. */
  readonly devMailbox: DevMailbox | undefined;
  /** Lets the emails under way have their result; the others wait in the table. */
  readonly close: () => Promise<void>;
}

interface MailTelemetry {
  readonly transport: (transport: Transport) => Transport;
}

/** What others wrote, or a process that is gone left behind, is found within this time. */
const pollMs = 60_000;

/** @param parts.telemetry what looks on, where somebody asked for it */
export async function createMail(
  environment: Environment,
  { telemetry, ...parts }: SenderParts & { telemetry?: MailTelemetry | undefined },
): Promise<Mail> {
  const { transport, devMailbox, close } = await createRoute(environment);
  const sender = createSender({ ...parts, transport: telemetry?.transport(transport) ?? transport, pollMs });
  return {
    outbox: sender,
    devMailbox,
    close: async () => {
      await sender.stop();
      close?.();
    },
  };
}

interface Route {
  readonly transport: Transport;
  readonly devMailbox?: DevMailbox;
  readonly close?: () => void;
}

/** Each way is loaded only where it is taken: the packages are heavy. */
async function createRoute(environment: Environment): Promise<Route> {
  const { RESEND_API_KEY, RESEND_BASE_URL, SMTP_URL, MAIL_FROM: from = '' } = environment;
  if (RESEND_API_KEY !== undefined) {
    const { createResendTransport } = await import('./resend.ts');
    return { transport: createResendTransport({ apiKey: RESEND_API_KEY, from, baseUrl: RESEND_BASE_URL }) };
  }
  if (SMTP_URL !== undefined) {
    const { createSmtpTransport } = await import('./smtp.ts');
    const transport = createSmtpTransport({ url: SMTP_URL, from });
    return { transport, close: transport.close };
  }
  // Its environment is refused before it gets here; that links are not open to read must not hang on that alone.
  if (environment.NODE_ENV === 'production') throw new Error('production has no dev mailbox');
  const { createDevMailbox } = await import('./dev-mailbox.ts');
  const devMailbox = createDevMailbox(environment.DATA_DIR);
  return { transport: devMailbox, devMailbox };
}
