/** The end of an organization: what will happen, and its slug to be typed before the button for it. */
import { html } from 'hono/html';
import type { OrganizationRow } from '../accounts/account.ts';
import { signInAgainPage } from './confirmation.ts';
import { organizationDeletePageCopy } from './copy.ts';
import { field, refusalNotice } from './fields.ts';
import type { Page, PageContext } from './layout.ts';
import { toNamedPath } from './named-path.ts';
import { toOrganizationRefusal } from './organization-refusal.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';

const path = '/organization/delete';

type Doomed = Pick<OrganizationRow, 'id' | 'name' | 'slug'>;

export function organizationDeletePage(c: PageContext, { id, name, slug }: Doomed, refusal?: Refusal): Page {
  const language = languageOf(c);
  const copy = organizationDeletePageCopy[language];
  return {
    title: copy.title,
    body: html`
      <p class="lead">${copy.lead(html`<strong>${name}</strong>`)}</p>
      <ul class="points">
        ${copy.points.map((point) => html`<li>${point}</li>`)}
      </ul>
      ${refusalNotice(refusal)}
      <form method="post" action="${path}">
        <input type="hidden" name="organization_id" value="${id}" />
        <input type="hidden" name="name" value="${name}" />
        <input type="hidden" name="expected" value="${slug}" />
        ${field(
          language,
          {
            name: 'slug',
            label: copy.slugLabel(slug),
            takes: copy.slugTakes,
            autocomplete: 'off',
            maxLength: 63,
          },
          refusal,
        )}
        <button class="button danger">${copy.submit}</button>
        <a class="button quiet" href="/organization">${copy.cancel}</a>
      </form>
    `,
  };
}

/**
 * What it was shown with stands in the form, so that to refuse takes no statement.
 *
 * @param id of the organization that is not deleted
 */
export function refusedDeletionPage(
  c: PageContext,
  refused: Refusal,
  id: string | undefined,
): Page | undefined {
  const language = languageOf(c);
  const { title, signInReason } = organizationDeletePageCopy[language];
  if (refused.slug === 'reauthentication-required') {
    return signInAgainPage(language, title, toNamedPath(path, id), signInReason);
  }
  const { name, expected: slug } = refused.values;
  if (id === undefined || name === undefined || slug === undefined) return undefined;
  return organizationDeletePage(c, { id, name, slug }, toOrganizationRefusal(language, refused));
}
