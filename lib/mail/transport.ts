/** What a mail provider is to the sender: the interface that Resend, SMTP and the dev mailbox implement. */

/** An email as it is handed over. Subject and addresses are one line each. */
export interface OutgoingEmail {
  /** The outbox row's id: the idempotency key, where the provider knows such keys. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * What became of it. A reason goes to the log and the table: it holds a status or a code, never an address, a text of
 * the provider's or what the email says.
 */
export type SendResult =
  | { readonly outcome: 'accepted' }
  /** Not now. `retryAfterMs` is the provider's own wish; `throttled` says that it is meant for all emails. */
  | {
      readonly outcome: 'later';
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
      readonly throttled?: boolean;
    }
  /** Never: this email, tried again, would be refused again. */
  | { readonly outcome: 'refused'; readonly reason: string };

export interface Transport {
  /** Answers within some ten seconds. What it throws counts as `later`. */
  readonly send: (email: OutgoingEmail) => Promise<SendResult>;
}
