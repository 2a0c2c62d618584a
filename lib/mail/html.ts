/**
 * An email as HTML that survives mail clients: nested tables and inline styles, because some drop every `<style>`;
 * what stands in one only betters it (dark mode, phones). Nothing is fetched: no image, no font, no script. Without
 * styles it is still an email, in reading order.
 */
import { html, raw } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { brand } from '../core/brand.ts';
import type { Content } from './content.ts';
import { mailCopy } from './copy.ts';

/** What `html` makes: text in which everything that was put in is escaped. */
type Html = ReturnType<typeof html>;

const { light, dark } = brand;
// Ours, and full of quotes that would be escaped for nothing.
const font = raw(brand.font);
const codeFont = raw(brand.codeFont);

export async function toHtml(content: Content, language: Language): Promise<string> {
  const { heading, preview, lead, facts, advice, button, isCopyable, code, notes, why } = content;
  const rows = [
    row(
      0,
      html`<h1 class="text" style="margin:0;font-size:24px;line-height:1.25;font-weight:700;letter-spacing:-.01em;color:${light.text}">${heading}</h1>`,
    ),
    paragraph(12, 'text', lead),
    facts && row(20, toFacts(facts)),
    ...advice.map((text, index) => paragraph(index ? 10 : 20, 'text', text)),
    button && row(24, toButton(button)),
    code && toCode(code),
    ...notes.map((text, index) => paragraph(index ? 8 : 24, 'muted', text)),
    button && isCopyable ? toFallback(button.href, language) : undefined,
  ];
  const page = table(
    html`align="center" class="page"`,
    'max-width:600px;margin:0 auto',
    html`
<tr><td style="padding:0 4px 20px">${toBrandHeader()}</td></tr>
<tr><td class="card" style="padding:36px 40px 40px;border:1px solid ${light.border};border-radius:14px;background-color:${light.surface}">
${table('', '', rows)}
</td></tr>
<tr><td class="muted" style="padding:20px 4px 0;font-size:13px;line-height:1.5;color:${light.muted}">${why}<br>${brand.support[language]}</td></tr>
`,
  );
  return String(await toDocument({ language, title: heading, preview, page }));
}

interface Document {
  readonly language: Language;
  readonly title: string;
  readonly preview: string;
  readonly page: Html;
}

function toDocument({ language, title, preview, page }: Document): Html {
  return html`<!doctype html>
<html lang="${language}" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<meta name="x-apple-disable-message-reformatting">
<title>${title}</title>
<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><style>*{font-family:Arial,sans-serif!important}.page{width:600px}</style><![endif]-->
<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
a[x-apple-data-detectors]{color:inherit!important;text-decoration:none!important}
@media (max-width:480px){.card{padding:28px 22px 30px!important}.outer{padding:20px 10px 32px!important}.wide{width:100%!important}}
</style>
<style>
${darkMode}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background-color:${light.background};-webkit-text-size-adjust:100%;text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${preview}</div>
${table(
  html`class="ground"`,
  `background-color:${light.background}`,
  html`
<tr><td class="outer" style="padding:36px 16px 48px;font-family:${font};font-size:16px;line-height:1.55;color:${light.text}">
<!--[if mso]><table role="presentation" width="600" align="center"><tr><td><![endif]-->
${page}
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
`,
)}
</body>
</html>
`;
}

// In a block of its own: a client that can't read it drops this, and not what suits phones.
const darkMode = html`@media (prefers-color-scheme:dark){
.ground{background-color:${dark.background}!important}
.card{background-color:${dark.surface}!important;border-color:${dark.border}!important}
.raised{background-color:${dark.raised}!important}
.text{color:${dark.text}!important}
.muted{color:${dark.muted}!important}
.line{border-color:${dark.border}!important}
.link{color:${dark.accent}!important}
.fill{background-color:${dark.accent}!important}
.on{color:${dark.onAccent}!important}
.eye{background-color:${dark.onAccent}!important}
}`;

function toBrandHeader(): Html {
  const eye = html`<td class="eye" width="6" height="8" style="width:6px;height:8px;border-radius:2px;background-color:${light.onAccent};font-size:0;line-height:0">&nbsp;</td>`;
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="fill" width="30" height="30" align="center" valign="middle" style="width:30px;height:30px;border-radius:9px;background-color:${light.accent}"><table role="presentation" cellpadding="0" cellspacing="0" border="0" align="center"><tr>${eye}<td width="5" style="width:5px;font-size:0;line-height:0">&nbsp;</td>${eye}</tr></table></td>
<td class="text" style="padding-left:10px;font-size:18px;line-height:30px;font-weight:700;letter-spacing:-.01em;color:${light.text}">${brand.name}</td>
</tr></table>`;
}

function toFacts(facts: NonNullable<Content['facts']>): Html {
  const lines = facts.map(([name, value], index) => {
    const edge = index ? `border-top:1px solid ${light.border};` : '';
    return html`<tr><th scope="row" class="muted line" align="left" valign="top" style="padding:10px 14px 10px 16px;${edge}font-weight:400;font-size:14px;line-height:22px;color:${light.muted}">${name}</th><td class="text line" style="padding:10px 16px 10px 0;${edge}font-size:15px;line-height:22px;font-weight:600;color:${light.text}">${value}</td></tr>`;
  });
  return html`<table class="raised" width="100%" cellpadding="0" cellspacing="0" border="0" style="border-radius:10px;background-color:${light.raised}">${lines}</table>`;
}

/** The cell is painted, and not the link alone: Outlook leaves out the padding of links. */
function toButton({ label, href }: NonNullable<Content['button']>): Html {
  return html`<table role="presentation" class="wide" cellpadding="0" cellspacing="0" border="0"><tr><td class="fill" align="center" style="border-radius:10px;background-color:${light.accent};mso-padding-alt:14px 28px"><a class="on" href="${href}" style="display:block;padding:14px 28px;mso-padding-alt:0;font-size:16px;line-height:20px;font-weight:600;text-decoration:none;color:${light.onAccent}">${label}</a></td></tr></table>`;
}

/** Two groups of digits, parted by padding: what is copied has no space in it. */
function toCode({ hint, digits }: NonNullable<Content['code']>): Html {
  const half = Math.ceil(digits.length / 2);
  const cell = html`<tr><td class="text" align="center" style="padding:16px;font-family:${codeFont};font-size:30px;line-height:36px;font-weight:600;letter-spacing:.08em;color:${light.text}">${digits.slice(0, half)}<span style="padding-left:.4em">${digits.slice(half)}</span></td></tr>`;
  const box = table(html`class="raised"`, `border-radius:10px;background-color:${light.raised}`, cell);
  return html`${paragraph(28, 'text', hint)}${row(10, box)}`;
}

function toFallback(href: string, language: Language): Html {
  return row(
    20,
    html`<p class="muted line" style="margin:0;padding-top:20px;border-top:1px solid ${light.border};font-size:13px;line-height:1.5;color:${light.muted}">${mailCopy[language].phrases.fallback}<br><a class="link" href="${href}" style="color:${light.accent};word-break:break-all">${href}</a></p>`,
  );
}

function paragraph(above: number, tone: 'text' | 'muted', text: string): Html {
  const size = tone === 'muted' ? 'font-size:14px;line-height:1.5;' : '';
  return row(above, html`<p class="${tone}" style="margin:0;${size}color:${light[tone]}">${text}</p>`);
}

function row(above: number, cell: Html): Html {
  return html`
<tr><td style="padding-top:${above}px">${cell}</td></tr>`;
}

function table(attributes: Html | '', style: string, rows: Html | readonly (Html | undefined)[]): Html {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" ${attributes} style="${style}">${rows}</table>`;
}
