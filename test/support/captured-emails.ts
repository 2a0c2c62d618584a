/** A mailbox for tests: emails stay where they were handed in, and give up their link's token and their code. */
import type { OutgoingEmail, Transport } from '../../lib/mail/transport.ts';

export interface CapturedEmail extends OutgoingEmail {
  /** The name of the email, such as `sign-in`. */
  readonly template: string;
  /** What stands behind the `#` of the email's link; empty in an email that has none. */
  readonly token: string;
  /** The six digits; empty in an email that has none. */
  readonly code: string;
}

export interface CapturedEmails extends Transport {
  readonly emails: readonly Omit<CapturedEmail, 'template'>[];
}

export function captureEmails(): CapturedEmails {
  const emails: Omit<CapturedEmail, 'template'>[] = [];
  return {
    emails,
    send: (email) => {
      emails.push({ ...email, ...findVerification(email.text) });
      return Promise.resolve({ outcome: 'accepted' });
    },
  };
}

function findVerification(text: string): { token: string; code: string } {
  return {
    token: text.match(/#([\w-]{43})(?![\w-])/)?.[1] ?? '',
    code: text.match(/^\s*(\d{6})\s*$/m)?.[1] ?? '',
  };
}
