/**
 * Composes an email from its copy and its parameters. Plain text and HTML say the same; neither fetches
 * anything, counts its reading or holds a word that a user chose. There is no List-Unsubscribe either: every email
 * is asked for by its reader or is about the safety of the account.
 */
import type { Content } from './content.ts';
import { dateLocale, emails, phrases } from './copy.ts';
import { toHtml } from './html.ts';
import { type EmailTemplate, type EmailParameters, toLink } from './parameters.ts';
import { toPlainText } from './plain-text.ts';

/** What a transport needs besides the address. The subject is one line. */
export interface ComposedEmail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * @example
 * const { subject, text, html } = await composeEmail('sign-in', { token, code }, { publicUrl });
 *
 * @throws {TypeError} when the parameters are those of another kind of email
 * @throws {RangeError} when `at` is no time
 */
export async function composeEmail<Name extends EmailTemplate>(
  template: Name,
  parameters: EmailParameters[Name],
  { publicUrl }: { readonly publicUrl: string },
): Promise<ComposedEmail> {
  const content = toContent(template, parameters, publicUrl);
  return { subject: content.heading, text: toPlainText(content), html: await toHtml(content) };
}

function toContent(
  template: EmailTemplate,
  parameters: EmailParameters[EmailTemplate],
  publicUrl: string,
): Content {
  const copy = emails[template];
  const shared = {
    heading: copy.subject,
    lead: copy.lead,
    why: copy.why(new URL(publicUrl).host),
  };
  if ('purpose' in copy && 'token' in parameters) {
    return {
      ...shared,
      preview: phrases.expiry,
      advice: [],
      button: { label: copy.button, href: toLink(publicUrl, copy.purpose, parameters.token) },
      code: { hint: copy.code, digits: parameters.code },
      notes: [phrases.expiry, `${copy.ifNotYou} ${phrases.secrecy}`],
    };
  }
  if ('ifYou' in copy && 'device' in parameters) {
    const device = toLine(parameters.device);
    const time = toReadableTime(parameters.at);
    return {
      ...shared,
      preview: `${device}, ${time}.`,
      facts: [
        [phrases.device, device],
        [phrases.time, time],
      ],
      advice: [copy.ifYou, copy.ifNotYou],
      button: copy.button && { label: copy.button.label, href: publicUrl + copy.button.page },
      notes: [],
    };
  }
  throw new TypeError(`These are not the parameters of the template ${template}`);
}

/** A name from `user-agent.ts` as it starts a line. Whatever else it may be, it stays on that line. */
function toLine(name: string): string {
  const line = name.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** Such as `Monday, 23 November 2026, 14:05 UTC`. Put together here because platforms punctuate dates differently. */
function toReadableTime(at: string): string {
  const instant = new Date(at);
  const show = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(dateLocale, { timeZone: 'UTC', ...options }).format(instant);
  const day = show({ day: 'numeric', month: 'long', year: 'numeric' });
  return `${show({ weekday: 'long' })}, ${day}, ${show({ hour: '2-digit', minute: '2-digit' })} UTC`;
}
