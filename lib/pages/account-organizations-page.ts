/** The organizations that a person is in, those that they are invited to, and a form for another one. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { ListedOrganization } from '../organizations/organization-list.ts';
import type { OwnInvitation } from '../organizations/own-invitations.ts';
import { toBreakable } from './breakable.ts';
import { accountOrganizationsPageCopy } from './copy.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { toLabel } from './link-label.ts';
import { noticeOf } from './notice.ts';
import { organizationFields } from './organization-fields.ts';
import { toOrganizationRefusal } from './organization-refusal.ts';
import { organizationStyle } from './organization-style.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { refusedFormPage } from './refused-form-page.ts';

const path = '/account/organizations';

interface OrganizationsView {
  readonly organizations: readonly ListedOrganization[];
  /** Undefined for who has not proven the address. */
  readonly invitations: readonly OwnInvitation[] | undefined;
}

export function accountOrganizationsPage(
  c: PageContext,
  { organizations, invitations }: OrganizationsView,
): Page {
  const language = languageOf(c);
  const copy = accountOrganizationsPageCopy[language];
  const notice = noticeOf(copy.notices, c.req.query('notice'));
  return {
    title: copy.title,
    isWide: true,
    ownStyle: organizationStyle,
    body: html`
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      ${
        organizations.length === 0
          ? html`<p>${copy.none}</p>`
          : html`<p class="lead">${copy.lead}</p>
              <ul class="rows">
                ${organizations.map((organization) => item(language, organization))}
              </ul>`
      }
      <section aria-labelledby="invitations">
        <h2 id="invitations">${copy.invitations}</h2>
        ${invitationsOf(language, invitations)}
      </section>
      <section aria-labelledby="create">
        <h2 id="create">${copy.create}</h2>
        ${createForm(language)}
      </section>
      <p class="links"><a href="/account">${copy.back}</a></p>
    `,
  };
}

export function refusedCreationPage(c: PageContext, refused: Refusal): Page {
  const language = languageOf(c);
  const copy = accountOrganizationsPageCopy[language];
  const refusal = toOrganizationRefusal(language, refused);
  return refusedFormPage({
    title: copy.create,
    refusal,
    form: createForm(language, refusal),
    back: { href: path, label: copy.title },
  });
}

function createForm(language: Language, refusal?: Refusal): Html {
  const copy = accountOrganizationsPageCopy[language];
  return html`<form method="post" action="${path}">
    ${organizationFields(language, { slugHint: copy.slugHint }, refusal)}
    <button class="button">${copy.createButton}</button>
  </form>`;
}

function item(language: Language, organization: ListedOrganization): Html {
  const copy = accountOrganizationsPageCopy[language];
  const { id, name, slug, role, current, isOnlyOwner } = organization;
  return html`<li>
    <div>
      <strong>${name}</strong>${current ? html` <span class="badge">${copy.current}</span>` : ''}
      <p class="fine">${copy.roles[role]} · ${slug}</p>
      ${
        isOnlyOwner
          ? ''
          : html`<details>
              <summary>${toLabel(copy.leave(name))}</summary>
              <form method="post" action="${path}/leave">
                <input type="hidden" name="organization_id" value="${id}" />
                <p class="fine">${copy.leaveMeaning}</p>
                <button class="button danger small">${toLabel(copy.leaveButton(name))}</button>
              </form>
            </details>`
      }
    </div>
    ${
      current
        ? html`<a class="button quiet small" href="/organization">${toLabel(copy.open(name))}</a>`
        : html`<form method="post" action="${path}/switch">
            <input type="hidden" name="organization_id" value="${id}" />
            <button class="button quiet small">${toLabel(copy.switch(name))}</button>
          </form>`
    }
  </li>`;
}

function invitationsOf(language: Language, invitations: readonly OwnInvitation[] | undefined): Html {
  const copy = accountOrganizationsPageCopy[language];
  if (!invitations) {
    return html`<p class="fine">${copy.unverified}</p>
      <p class="links"><a href="/auth/verify">${copy.verify}</a></p>`;
  }
  if (invitations.length === 0) return html`<p class="fine">${copy.noInvitations}</p>`;
  return html`<ul class="rows">
    ${invitations.map((invitation) => invitationItem(language, invitation))}
  </ul>`;
}

function invitationItem(language: Language, { id, name, slug, role, inviter }: OwnInvitation): Html {
  const copy = accountOrganizationsPageCopy[language];
  const by = inviter === null ? copy.unknown : toBreakable(inviter);
  return html`<li>
    <div>
      <strong>${name}</strong>
      <p class="fine">${copy.roles[role]} · ${slug}</p>
      <p class="fine">${copy.invitedBy(by)}</p>
      <form method="post" action="${path}/accept" class="buttons">
        <input type="hidden" name="id" value="${id}" />
        <button class="button small">${toLabel(copy.accept(name))}</button>
        <button class="button quiet small" formaction="${path}/decline">
          ${toLabel(copy.decline(name))}
        </button>
      </form>
    </div>
  </li>`;
}
