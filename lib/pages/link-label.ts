/** The words on a link or a button: whoever sees the page sees what they are about; whoever hears it is told. */
import { html } from 'hono/html';
import type { LinkCopy } from './copy/en.ts';
import type { Html } from './layout.ts';

export function toLabel([before, shown, after]: LinkCopy): Html {
  const unseen = (text: string) => text && html`<span class="unseen">${text}</span>`;
  return html`${unseen(before && `${before} `)}${shown}${unseen(after && ` ${after}`)}`;
}
