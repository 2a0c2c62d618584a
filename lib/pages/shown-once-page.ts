/** The one time that something is shown which was just made, and which opens. */
import { html } from 'hono/html';
import type { Html, Page } from './layout.ts';

interface ShownOnce extends Shown {
  readonly title: string;
  readonly lead: string;
  /** What goes with it, and is no secret. */
  readonly also?: Shown & { readonly hint: string };
  readonly back: { readonly href: string; readonly label: string };
}

/** A field to copy from. */
interface Shown {
  readonly id: string;
  readonly label: string;
  readonly value: string;
}

export function shownOncePage({ title, lead, also, back, ...secret }: ShownOnce): Page {
  return {
    title,
    body: html`
      <p class="lead">${lead}</p>
      ${field(secret, html`autofocus`)} ${also && field(also)}
      <p class="links"><a href="${back.href}">${back.label}</a></p>
    `,
  };
}

function field({ id, label, value, hint }: Shown & { readonly hint?: string }, focus: Html | '' = ''): Html {
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    <input
      id="${id}"
      type="text"
      value="${value}"
      readonly
      ${focus}
      autocomplete="off"
      spellcheck="false"
      ${hint && html`aria-describedby="${id}-hint"`}
    />
  </div>`;
}
