/** What an organization is called: its name and its slug, which people read as a short name. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { organizationFieldsCopy } from './copy.ts';
import { field } from './fields.ts';
import type { Html } from './layout.ts';
import type { Refusal } from './refusal.ts';

interface Names {
  readonly name?: string;
  readonly slug?: string;
  /** Where no short name has to be typed. */
  readonly slugHint?: string;
}

export function organizationFields(
  language: Language,
  { name, slug, slugHint }: Names,
  refusal: Refusal | undefined,
): Html {
  const copy = organizationFieldsCopy[language];
  const isTaken = refusal?.slug === 'slug-taken';
  const blaming = isTaken ? { ...refusal, errors: { slug: refusal.title } } : refusal;
  return html`
    ${field(
      language,
      {
        name: 'name',
        label: copy.name,
        takes: copy.nameTakes,
        autocomplete: 'organization',
        maxLength: 100,
        value: name,
        enterKeyHint: 'next',
      },
      blaming,
    )}
    ${field(
      language,
      {
        name: 'slug',
        label: copy.slug,
        takes: copy.slugTakes,
        hint: slugHint === undefined ? copy.slugHint : `${copy.slugHint} ${slugHint}`,
        autocomplete: 'off',
        maxLength: 63,
        value: slug,
        isOptional: slugHint !== undefined,
        enterKeyHint: 'done',
      },
      blaming,
    )}
  `;
}
