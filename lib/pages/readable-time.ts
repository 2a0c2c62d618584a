/** A point in time as a page says it. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { Html } from './layout.ts';

/** In UTC and saying so: a server does not know in what time zone a page is read. */
export function toReadableTime(language: Language, time: Date): Html {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone: 'UTC',
  });
  return html`<time datetime="${time.toISOString()}">${format.format(time)} UTC</time>`;
}
