/** Which role somebody gets, of those that whoever gives it may give. */
import type { Language } from '../../db/languages.ts';
import type { Role } from '../../db/schema.ts';
import { rolesWithin } from '../core/permissions.ts';
import { roleFieldCopy } from './copy.ts';
import type { Html } from './layout.ts';
import { selectField } from './select-field.ts';

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
  return selectField({
    name: 'role',
    id,
    label: label ?? copy.label,
    choices: rolesWithin(own).map((role) => [role, copy.roles[role]] as const),
    chosen,
  });
}
