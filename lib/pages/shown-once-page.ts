/** The one time that something is shown which was just made, and which opens. */
import { html } from 'hono/html';
import type { Page } from './layout.ts';

interface ShownOnce {
  readonly title: string;
  readonly lead: string;
  /** Its field's. */
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly back: { readonly href: string; readonly label: string };
}

export function shownOncePage({ title, lead, id, label, value, back }: ShownOnce): Page {
  return {
    title,
    body: html`
      <p class="lead">${lead}</p>
      <div class="field">
        <label for="${id}">${label}</label>
        <input
          id="${id}"
          type="text"
          value="${value}"
          readonly
          autofocus
          autocomplete="off"
          spellcheck="false"
        />
      </div>
      <p class="links"><a href="${back.href}">${back.label}</a></p>
    `,
  };
}
