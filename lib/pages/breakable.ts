/** Long addresses, which have no spaces to break at. */
import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** Lets a narrow page break it behind its `@`, dots and colons; what is copied of it has no break in it. */
export function toBreakable(address: string): Html {
  const parts = address.split(/(?<=[@.:])/);
  return html`${parts.map((part, nth) => html`${nth > 0 ? html`<wbr />` : ''}${part}`)}`;
}
