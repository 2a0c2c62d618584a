/** What all pages have around them: the document, the brand, and a Content-Security-Policy without exceptions. */
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Language } from '../../db/languages.ts';
import { brand } from '../core/brand.ts';
import { layoutCopy } from './copy.ts';
import type { FunctionContext, FunctionEnv } from '../http/services.ts';
import { languageOf } from './page-language.ts';
import { style, styleSource, toHashSource } from './style.ts';

/** What `html` makes: text in which everything that was put in is escaped. */
export type Html = ReturnType<typeof html>;

/** The context of a page's handler, whatever its variables are. */
export type PageContext = FunctionContext & Pick<Context<FunctionEnv>, 'body' | 'redirect'>;

export interface Page {
  /** The heading, and what stands in the tab. */
  readonly title: string;
  readonly body: Html;
  readonly status?: ContentfulStatusCode;
  /** Whether the form of this page was refused: the tab says so first, for who hears the page. */
  readonly isRefused?: boolean;
  /** Inline scripts; the page has to be of use without them. */
  readonly scripts?: readonly string[];
  /** Origins, besides ours, that the answer to a form of this page may lead on to. */
  readonly leadsTo?: Iterable<string>;
  /** What it is written in, where it has no translations. */
  readonly language?: Language;
  /** What is added to the style sheet of all pages. */
  readonly ownStyle?: string;
  /** A page with more than one form on it. */
  readonly isWide?: boolean;
}

/** Answers with a page. */
export async function respond(c: PageContext, page: Page): Promise<Response> {
  const { language = languageOf(c) } = page;
  return c.body(String(await toDocument(page, language)), page.status ?? 200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Language': language,
    ...(page.language === undefined && { Vary: 'Accept-Language' }),
    'Content-Security-Policy': toSecurityPolicy(page),
    // With `no-referrer` a browser would send `Origin: null` with our own forms (Fetch, "append a request Origin header").
    'Referrer-Policy': 'same-origin',
  });
}

function toSecurityPolicy({ scripts = [], ownStyle = '', leadsTo = [] }: Page): string {
  return [
    "default-src 'none'",
    `style-src ${ownStyle ? toHashSource(style + ownStyle) : styleSource}`,
    ...(scripts.length === 0 ? [] : [`script-src ${scripts.map(toHashSource).join(' ')}`]),
    // Chrome holds the redirect that answers a form to it as well.
    ["form-action 'self'", ...leadsTo].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function toDocument(
  { title, body, isRefused, scripts = [], ownStyle = '', isWide }: Page,
  language: Language,
) {
  const width = isWide ? 'wide' : '';
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${isRefused ? layoutCopy[language].refusedTitle(title) : title} · ${brand.name}</title>
        ${raw(`<style>${style}${ownStyle}</style>`)}
      </head>
      <body>
        <header class="brand ${width}">${mark}<span>${brand.name}</span></header>
        <main class="${width}">
          <h1>${title}</h1>
          ${body}
        </main>
        <footer><p>${brand.support[language]}</p></footer>
        ${scripts.map((script) => raw(`<script>${script}</script>`))}
      </body>
    </html> `;
}

const mark = html`<svg viewBox="0 0 26 26" aria-hidden="true">
  <rect width="26" height="26" rx="7" />
  <rect x="7" y="9.5" width="4" height="7" rx="1" />
  <rect x="15" y="9.5" width="4" height="7" rx="1" />
</svg>`;
