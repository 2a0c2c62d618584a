/**
 * The dev mailbox as a page. It stays as it is, with what is selected or half read in it: a frame in it looks for new emails,
 * without a script, and offers to show them.
 */
import { html, raw } from 'hono/html';
import { brand } from '../../../lib/core/brand.ts';
import type { OutgoingEmail } from '../../../lib/mail/transport.ts';

/** An email as `Accept: application/json` shows it. */
export interface MailboxEmail extends OutgoingEmail {
  readonly created_at: string;
}

/** Older ones are in the JSON. */
const shown = 30;
const refreshSeconds = 5;

export const mailboxPath = '/dev/mailbox';

const counted = (count: number, kind = '') => `${count}${kind} ${count === 1 ? 'email' : 'emails'}`;

/** What the frame in the page shows, `count` of them having come since the page was made. */
export function toNewsPage(count: number) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content="${refreshSeconds}" />
        <title>New emails</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body class="news">
        ${
          count > 0
            ? html`<a href="${mailboxPath}" target="_top">Show ${counted(count, ' new')}</a>`
            : 'No new emails'
        }
      </body>
    </html>`;
}

export function toMailboxPage(emails: readonly MailboxEmail[]) {
  const count = counted(emails.length);
  const older = emails.length - shown;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${count} - ${brand.name} dev mailbox</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>Dev mailbox</h1>
            <p>
              ${count}, newest first. No email provider is configured, so emails end up here. New ones are
              looked for every ${refreshSeconds} seconds.
            </p>
            <iframe class="news" title="New emails" src="${mailboxPath}?seen=${emails.length}"></iframe>
          </header>
          ${
            emails.length === 0
              ? html`<p class="empty">No emails yet. Create an account or request a sign-in link.</p>`
              : emails.slice(0, shown).map(toArticle)
          }
          ${older > 0 ? html`<p class="empty">${older} older ones are in this page’s JSON (<code>Accept: application/json</code>).</p>` : ''}
        </main>
      </body>
    </html>`;
}

function toArticle(email: MailboxEmail) {
  // A frame of its own, where nothing runs; a link in it opens a tab that is an ordinary page again.
  const framed = `<base target="_blank">${email.html}`;
  return html`<article aria-labelledby="subject-${email.id}">
    <h2 id="subject-${email.id}">${email.subject}</h2>
    <p class="envelope">to ${email.to}, <time datetime="${email.created_at}">${email.created_at}</time></p>
    <div class="both">
      <iframe
        title="The email as HTML"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        srcdoc="${framed}"
      ></iframe>
      <pre>${linkify(email.text)}</pre>
    </div>
  </article>`;
}

/** Addresses in the text become links. */
function linkify(text: string) {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, nth) =>
      nth % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noreferrer">${part}</a>` : html`${part}`,
    );
}

const { light, dark } = brand;

const style = `
:root { color-scheme: light dark; font: 1rem/1.55 ${brand.font};
  --background: ${light.background}; --surface: ${light.surface}; --text: ${light.text}; --muted: ${light.muted};
  --border: ${light.border}; --accent: ${light.accent}; }
@media (prefers-color-scheme: dark) { :root {
  --background: ${dark.background}; --surface: ${dark.surface}; --text: ${dark.text}; --muted: ${dark.muted};
  --border: ${dark.border}; --accent: ${dark.accent}; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--background); color: var(--text); }
main { max-width: 76rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { margin: 0; font-size: 1.5rem; }
header p { margin: .25rem 0 .5rem; color: var(--muted); }
article { margin: 0 0 1.5rem; border: 1px solid var(--border); border-radius: .75rem; background: var(--surface); overflow: hidden; }
h2 { margin: 1rem 1.25rem 0; font-size: 1.125rem; overflow-wrap: anywhere; }
.envelope { margin: 0 1.25rem 1rem; color: var(--muted); font-size: .875rem; overflow-wrap: anywhere; }
.both { display: grid; border-top: 1px solid var(--border); }
@media (min-width: 56rem) { .both { grid-template-columns: 3fr 2fr; } }
iframe { width: 100%; height: 38rem; border: 0; background: #fff; }
iframe.news { height: 2rem; margin-bottom: 1rem; background: none; }
body.news { padding: .125rem; color: var(--muted); }
pre { margin: 0; padding: 1.25rem; font: .8125rem/1.6 ${brand.codeFont}; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.empty { padding: 3rem 1rem; text-align: center; color: var(--muted); }
`;
