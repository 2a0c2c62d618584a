/** A field that takes one of a few values. */
import { html } from 'hono/html';
import type { Html } from './layout.ts';

interface SelectField {
  readonly name: string;
  /** Of the field, where a page has several of the name. */
  readonly id?: string;
  readonly label: string | Html;
  readonly choices: readonly (readonly [value: string, words: string])[];
  readonly chosen: string | undefined;
}

export function selectField({ name, id = name, label, choices, chosen }: SelectField): Html {
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <select id="${id}" name="${name}">
      ${choices.map(
        ([value, words]) =>
          html`<option value="${value}" ${value === chosen ? html`selected` : ''}>${words}</option>`,
      )}
    </select>
  </div>`;
}
