/**
 * What a product calls itself and looks like, for emails and web pages alike: to make them yours, change this file
 * (and `mail/copy.ts` and `pages/copy.ts` for what emails and pages say). Every pair of colours that is shown as text holds WCAG 2.2 AA (4.5 to
 * 1), every outline of a field 3 to 1; `mail/compose.test.ts` computes it, so a change that is hard to read fails.
 *
 * The mark beside the name is a rounded square in the accent, with two square eyes in `onAccent`. Emails draw it
 * with table cells, since mail clients drop SVG and block images.
 */
import type { Language } from '../../db/languages.ts';

/** By itself for what shows nothing: a bundle takes the whole of `brand` or none of it. */
export const productName = 'Blockbot';

export const brand = {
  name: productName,
  /** Who helps, at the foot of emails and pages. With a mailbox that is read, name it here. */
  support: {
    en: 'Need help? Ask whoever runs this service.',
    de: 'Sie brauchen Hilfe? Wenden Sie sich an den Betreiber dieses Dienstes.',
  } satisfies Record<Language, string>,
  /** Fonts that are there already: nothing is fetched. */
  font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  codeFont: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  light: {
    background: '#f4f3ee',
    /** Cards, and fields on them. */
    surface: '#ffffff',
    /** What stands out from the card without being a button, such as a code. */
    raised: '#eef5f2',
    text: '#17201d',
    muted: '#57625e',
    /** Decoration: lines and edges of cards. */
    border: '#dddcd4',
    /** Outlines that tell where a field is. */
    outline: '#7b8682',
    /** Links, buttons, focus rings. */
    accent: '#0b6b59',
    accentHover: '#08574a',
    onAccent: '#ffffff',
    danger: '#a8231f',
  },
  dark: {
    background: '#0f1413',
    surface: '#181f1d',
    raised: '#20302b',
    text: '#e8eeec',
    muted: '#a3b0ab',
    border: '#2c3633',
    outline: '#74827d',
    accent: '#62d6ba',
    accentHover: '#86e3cc',
    onAccent: '#06231d',
    danger: '#ff9c92',
  },
} as const;
