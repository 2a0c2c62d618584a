/** The few things that only the operator knows. */

export interface Answers {
  /** The host name of the API. */
  readonly domain: string;
  /** Where Let's Encrypt writes to. */
  readonly email: string;
  readonly mailFrom: string;
  /** A key of Resend, or the address of a mail server. */
  readonly mailAccount: string;
}

export interface Question {
  readonly option: string;
  readonly text: string;
  readonly pattern: RegExp;
  readonly fault: string;
}

// What stands in .env unquoted: nothing that Compose, a shell or a URL would take for something else.
const mailbox = String.raw`[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}`;

export const questions: Readonly<Record<keyof Answers, Question>> = {
  domain: {
    option: '--domain',
    text: 'Domain of the API, such as api.example.com',
    pattern: /^(?=.{4,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
    fault: 'must be a host name such as api.example.com, in lower case, without https://',
  },
  email: {
    option: '--email',
    text: "Mail address for Let's Encrypt",
    pattern: new RegExp(`^${mailbox}$`, 'i'),
    fault: 'must be a mail address',
  },
  mailFrom: {
    option: '--mail-from',
    text: 'Sender of emails, such as Blockbot <hello@example.com>',
    pattern: new RegExp(`^(?:[\\p{L}\\p{N} .-]+ <${mailbox}>|${mailbox})$`, 'iu'),
    fault: 'must be a mail address, or a name with one in angle brackets',
  },
  mailAccount: {
    option: '--mail-account',
    text: 'Resend API key (re_...), or a mail server (smtps://user:password@smtp.example.com)',
    pattern: /^(?:[\w.-]{8,200}|smtps?:\/\/(?:[^\s:@/]+:[^\s:@/]+@)?[\w.-]+(?::\d{1,5})?)$/,
    fault:
      'must be a key of letters, digits, _ and -, or smtps://user:password@host with what is special in the password percent-encoded',
  },
};

/** What is wrong with an answer, undefined if nothing is. It never repeats the answer: one of them is a secret. */
export function findFault({ pattern, fault }: Question, answer: string): string | undefined {
  return pattern.test(answer) ? undefined : fault;
}
