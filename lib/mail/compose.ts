/**
 * Composes an email from its copy and its parameters. Plain text and HTML say the same; neither fetches
 * anything, counts its reading or holds a word that a user chose. There is no List-Unsubscribe either: no email is of a list.
 * It is asked for by its reader, is about the safety of the account, or is the one invitation, which its page declines.
 */
import type { Language } from '../../db/languages.ts';
import type { VerificationPurpose } from '../../db/schema.ts';
import { toDeviceName } from '../core/device-name.ts';
import type { Content } from './content.ts';
import { mailCopy } from './copy.ts';
import type { InvitationCopy, NotificationCopy, TransferCopy, VerificationCopy } from './copy/en.ts';
import { toHtml } from './html.ts';
import { type EmailTemplate, type EmailParameters, toInvitationLink, toLink } from './parameters.ts';
import { toPlainText } from './plain-text.ts';

/** What a transport needs besides the address. The subject is one line. */
export interface ComposedEmail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface ComposeOptions {
  readonly publicUrl: string;
  readonly language: Language;
}

/** What the link and the code of an email are for. */
const purposes: Partial<Record<EmailTemplate, VerificationPurpose>> = {
  'sign-in': 'sign-in',
  'sign-up': 'sign-in',
  'email-verification': 'email-verification',
  'password-reset': 'password-reset',
  'email-change': 'email-change',
};

/** Where the button of a notification leads, if not to another password. */
const pages: Partial<Record<EmailTemplate, string>> = {
  'already-registered': '/auth/sign-in',
  'organization-received': '/account/organizations',
};
const pageOf = (template: EmailTemplate) => pages[template] ?? '/auth/forgot';

/**
 * @example
 * const { subject, text, html } = await composeEmail('sign-in', { token, code, acceptLanguage }, { publicUrl, language });
 *
 * @throws {TypeError} when the parameters are those of another kind of email, or the language is none of ours
 * @throws {RangeError} when `at` is no time
 */
export async function composeEmail<Name extends EmailTemplate>(
  template: Name,
  parameters: EmailParameters[Name],
  { publicUrl, language }: ComposeOptions,
): Promise<ComposedEmail> {
  const content = toContent(template, parameters, { publicUrl, language });
  return {
    subject: content.heading,
    text: toPlainText(content, language),
    html: await toHtml(content, language),
  };
}

function toContent(
  template: EmailTemplate,
  parameters: EmailParameters[EmailTemplate],
  { publicUrl, language }: ComposeOptions,
): Content {
  const { phrases, emails } = mailCopy[language];
  const copy: VerificationCopy | InvitationCopy | TransferCopy | NotificationCopy = emails[template];
  const shared = { heading: copy.subject, lead: copy.lead, why: copy.why(new URL(publicUrl).host) };
  const purpose = purposes[template];
  if (purpose && 'code' in copy && 'code' in parameters) {
    const { token, code } = parameters;
    return {
      ...shared,
      preview: phrases.expiry,
      advice: [],
      button: { label: copy.button, href: toLink(publicUrl, purpose, token) },
      isCopyable: true,
      code: { hint: copy.code, digits: code },
      notes: [phrases.expiry, `${copy.ifNotYou} ${phrases.secrecy}`],
    };
  }
  if ('inviter' in copy && 'inviter' in parameters) {
    return { ...shared, ...toInvitationContent(copy, parameters, publicUrl) };
  }
  if ('newOwner' in copy && 'newOwner' in parameters) {
    const button = { label: copy.button, href: publicUrl + pageOf(template) };
    return { ...shared, ...toTransferContent(copy, parameters, language), button };
  }
  if ('ifYou' in copy && 'device' in parameters) {
    const { device: given } = parameters;
    const device = toSentence(typeof given === 'string' ? given : toDeviceName(given, language));
    const time = toReadableTime(parameters.at, language);
    return {
      ...shared,
      preview: `${device}, ${time}.`,
      facts: [
        ...('keyStart' in parameters
          ? ([
              [phrases.apiKey, parameters.keyStart],
              [phrases.organization, toLine(parameters.slug)],
            ] as const)
          : []),
        [phrases.device, device],
        [phrases.time, time],
      ],
      advice: [copy.ifYou, copy.ifNotYou],
      button: 'button' in copy ? { label: copy.button, href: publicUrl + pageOf(template) } : undefined,
      notes: [],
    };
  }
  throw new TypeError(`These are not the parameters of the template ${template}`);
}

function toInvitationContent(
  copy: InvitationCopy,
  { token, inviter, slug, role }: EmailParameters['invitation'],
  publicUrl: string,
) {
  return {
    preview: copy.expiry,
    facts: [
      [copy.inviter, toLine(inviter)],
      [copy.organization, toLine(slug)],
      [copy.role, copy.roles[role]],
    ] as const,
    advice: [],
    button: { label: copy.button, href: toInvitationLink(publicUrl, token) },
    isCopyable: true,
    notes: [copy.expiry, copy.ifUnwanted],
  };
}

function toTransferContent(
  copy: TransferCopy,
  { slug, formerOwner, newOwner, at }: EmailParameters['organization-received'],
  language: Language,
) {
  const organization = toLine(slug);
  const fact = (name: string, address: string | null) =>
    address === null ? [] : [[name, toLine(address)] as const];
  return {
    preview: `${copy.organization}: ${organization}`,
    facts: [
      [copy.organization, organization] as const,
      ...fact(copy.formerOwner, formerOwner),
      ...fact(copy.newOwner, newOwner),
      [mailCopy[language].phrases.time, toReadableTime(at, language)] as const,
    ],
    advice: copy.advice,
    notes: [],
  };
}

/** A device's name as it starts a line. */
function toSentence(name: string): string {
  const line = toLine(name);
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** Whatever a text may be, it stays on its line. */
const toLine = (text: string) => text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();

/** Such as `Monday, 23 November 2026, 14:05 UTC`. Put together here because platforms punctuate dates differently. */
function toReadableTime(at: string, language: Language): string {
  const instant = new Date(at);
  const show = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(mailCopy[language].dateLocale, { timeZone: 'UTC', ...options }).format(instant);
  const day = show({ day: 'numeric', month: 'long', year: 'numeric' });
  return `${show({ weekday: 'long' })}, ${day}, ${show({ hour: '2-digit', minute: '2-digit' })} UTC`;
}
