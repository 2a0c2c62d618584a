/** The organization that a browser's session works in: what it is, and what whoever looks may do in it. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { OrganizationRow } from '../accounts/account.ts';
import { hasPermission, type Permission } from '../core/permissions.ts';
import { organizationPageCopy } from './copy.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { toNamedPath } from './named-path.ts';
import { noticeOf } from './notice.ts';
import { organizationFields } from './organization-fields.ts';
import { toOrganizationRefusal } from './organization-refusal.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { refusedFormPage } from './refused-form-page.ts';

export function organizationPage(c: PageContext, organization: OrganizationRow): Page {
  const language = languageOf(c);
  const copy = organizationPageCopy[language];
  const { name, slug, role } = organization;
  const notice = noticeOf(copy.notices, c.req.query('notice'));
  const facts = [
    [copy.slug, slug],
    [copy.role, copy.roles[role]],
  ];
  return {
    title: name,
    isWide: true,
    body: html`
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      <dl class="rows">
        ${facts.map(
          ([term, value]) =>
            html`<div>
              <dt>${term}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      ${sectionsOf(language, organization)}
      ${
        hasPermission(role, 'organization:write')
          ? html`<section aria-labelledby="rename">
              <h2 id="rename">${copy.rename}</h2>
              ${renameForm(language, organization)}
            </section>`
          : ''
      }
      ${hasPermission(role, 'organization:delete') ? ownersPart(language, organization) : ''}
      <p class="links"><a href="/account/organizations">${copy.organizations}</a></p>
    `,
  };
}

export function refusedRenamingPage(c: PageContext, refused: Refusal): Page {
  const language = languageOf(c);
  const copy = organizationPageCopy[language];
  const refusal = toOrganizationRefusal(language, refused);
  const { organization_id: id = '' } = refusal.values;
  return refusedFormPage({
    title: copy.rename,
    refusal,
    form: renameForm(language, { id }, refusal),
    back: { href: '/organization', label: copy.back },
  });
}

function sectionsOf(language: Language, { role }: OrganizationRow): Html {
  const copy = organizationPageCopy[language];
  const section = (href: string, permission: Permission, [name, hint]: readonly [string, string]) =>
    hasPermission(role, permission) &&
    html`<li>
      <div>
        <a href="${href}">${name}</a>
        <p class="fine">${hint}</p>
      </div>
    </li>`;
  return html`<ul class="rows">
    ${section('/organization/members', 'members:read', copy.members)}
    ${section('/organization/invitations', 'invitations:write', copy.invitations)}
    ${section('/organization/keys', 'members:read', copy.keys)}
  </ul>`;
}

function renameForm(
  language: Language,
  { id, name, slug }: Pick<OrganizationRow, 'id'> & Partial<OrganizationRow>,
  refusal?: Refusal,
): Html {
  const names = { ...(name !== undefined && { name }), ...(slug !== undefined && { slug }) };
  return html`<form method="post" action="/organization">
    <input type="hidden" name="organization_id" value="${id}" />
    ${organizationFields(language, names, refusal)}
    <button class="button">${organizationPageCopy[language].renameButton}</button>
  </form>`;
}

/** Which organization stands in the addresses: who signs in anew on the way may come back in another one. */
function ownersPart(language: Language, { id }: OrganizationRow): Html {
  const copy = organizationPageCopy[language];
  return html`<section aria-labelledby="owner">
    <h2 id="owner">${copy.owner}</h2>
    <div class="actions">
      <a class="button quiet small" href="${toNamedPath('/organization/transfer', id)}">${copy.transfer}</a>
      <a class="danger" href="${toNamedPath('/organization/delete', id)}">${copy.delete}</a>
    </div>
  </section>`;
}
