/** Which role somebody gets, of those that whoever gives it may give. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { Role } from '../../db/schema.ts';
import { rolesWithin } from '../core/permissions.ts';
import { roleFieldCopy } from './copy.ts';
import type { Html } from './layout.ts';

interface RoleField {
  /** Of whoever gives it. */
  readonly own: Role;
  readonly chosen: string | undefined;
  /** Of the field, where a page has several. */
  readonly id?: string;
  /** What it is labelled with, unless the word for a role is enough. */
  readonly label?: Html;
}

export function roleField(language: Language, { own, chosen, id = 'role', label }: RoleField): Html {
  const copy = roleFieldCopy[language];
  return html`<div class="field">
    <label for="${id}">${label ?? copy.label}</label>
    <select id="${id}" name="role">
      ${rolesWithin(own).map(
        (role) =>
          html`<option value="${role}" ${role === chosen ? html`selected` : ''}>${copy.roles[role]}</option>`,
      )}
    </select>
  </div>`;
}
