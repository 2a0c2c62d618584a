/**
 * Composes an email from its words and what it has to tell. Plain text and HTML say the same; neither fetches
 * anything, counts its reading or holds a word that a user chose. There is no List-Unsubscribe either: every email
 * is asked for by its reader or is about the safety of the account.
 */
import type { Content } from './content.ts';
import { toHtml } from './html.ts';
import { type EmailTemplate, type EmailParameters, toLink } from './parameters.ts';
import { toPlainText } from './plain-text.ts';
import { phrases, words } from './copy.ts';

/** What a transport needs besides the address. The subject is one line. */
export interface ComposedEmail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * @example
 * const { subject, text, html } = composeEmail('sign-in', { token, code }, { publicUrl });
 *
 * @throws {TypeError} when the parameters are those of another kind of email
 * @throws {RangeError} when `at` is no time
 */
export function composeEmail<Name extends EmailTemplate>(
  template: Name,
  parameters: EmailParameters[Name],
  { publicUrl }: { readonly publicUrl: string },
): ComposedEmail {
  const content = toContent(template, parameters, publicUrl);
  return { subject: content.heading, text: toPlainText(content), html: toHtml(content) };
}

function toContent(
  template: EmailTemplate,
  parameters: EmailParameters[EmailTemplate],
  publicUrl: string,
): Content {
  const said = words[template];
  const shared = {
    heading: said.subject,
    lead: said.lead,
    why: said.why(new URL(publicUrl).host),
  };
  if ('proves' in said && 'token' in parameters) {
    return {
      ...shared,
      preview: phrases.expiry,
      advice: [],
      button: { label: said.button, href: toLink(publicUrl, said.proves, parameters.token) },
      code: { hint: said.code, digits: parameters.code },
      notes: [phrases.expiry, `${said.ifNotYou} ${phrases.secrecy}`],
    };
  }
  if ('ifYou' in said && 'device' in parameters) {
    const device = toLine(parameters.device);
    const time = toWords(parameters.at);
    return {
      ...shared,
      preview: `${device}, ${time}.`,
      facts: [
        [phrases.device, device],
        [phrases.time, time],
      ],
      advice: [said.ifYou, said.ifNotYou],
      button: said.button && { label: said.button.label, href: publicUrl + said.button.page },
      notes: [],
    };
  }
  throw new TypeError(`These are not the parameters of the template ${template}`);
}

/** A name from `device.ts` as it starts a line. Whatever else it may be, it stays on that line. */
function toLine(name: string): string {
  const line = name.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** Such as `Monday, 23 November 2026, 14:05 UTC`. Put together here because platforms punctuate dates differently. */
function toWords(at: string): string {
  const instant = new Date(at);
  const show = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(instant);
  const day = show({ day: 'numeric', month: 'long', year: 'numeric' });
  return `${show({ weekday: 'long' })}, ${day}, ${show({ hour: '2-digit', minute: '2-digit' })} UTC`;
}
