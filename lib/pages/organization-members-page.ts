/** Who is in an organization, and for who may: another role for a member, or none. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { hasPermission, rolesWithin } from '../core/permissions.ts';
import type { CurrentOrganization } from '../organizations/current-organization.ts';
import type { Member, MemberPage } from '../organizations/member-list.ts';
import { toBreakable } from './breakable.ts';
import { organizationMembersPageCopy, roleFieldCopy } from './copy.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { toLabel } from './link-label.ts';
import { noticeOf } from './notice.ts';
import { organizationStyle } from './organization-style.ts';
import { languageOf } from './page-language.ts';
import { roleField } from './role-field.ts';

interface MembersView extends MemberPage {
  readonly organization: CurrentOrganization;
  /** Of whoever looks. */
  readonly userId: string;
}

export function organizationMembersPage(c: PageContext, view: MembersView): Page {
  const language = languageOf(c);
  const copy = organizationMembersPageCopy[language];
  const { organization, members, next } = view;
  const notice = noticeOf(copy.notices, c.req.query('notice'));
  return {
    title: copy.title,
    isWide: true,
    ownStyle: organizationStyle,
    body: html`
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      <p class="lead">${organization.name}</p>
      <ul class="rows">
        ${members.map((member) => item(language, member, view))}
      </ul>
      <p class="links">
        ${next !== null && html`<a href="/organization/members?after=${next}">${copy.more}</a>`}
        <a href="/organization">${copy.back}</a>
      </p>
    `,
  };
}

function item(language: Language, member: Member, view: MembersView): Html {
  const { userId, email, name, role } = member;
  const isOneself = userId === view.userId;
  return html`<li>
    <div>
      <strong>${name ?? toBreakable(email)}</strong>${
        isOneself ? html` <span class="badge">${organizationMembersPageCopy[language].you}</span>` : ''
      }
      <p class="fine">
        ${roleFieldCopy[language].roles[role]}${name === null ? '' : html` · ${toBreakable(email)}`}
      </p>
      ${mayChange(member, view) ? changes(language, member, view) : ''}
    </div>
  </li>`;
}

/** Nobody is offered what would be refused: acting on a role above their own, or leaving nobody as an owner. */
function mayChange({ userId, role }: Member, { organization, userId: own }: MembersView): boolean {
  return (
    hasPermission(organization.role, 'members:write') &&
    rolesWithin(organization.role).includes(role) &&
    !(userId === own && organization.isOnlyOwner)
  );
}

/** One leaves on the page of one's organizations. */
function changes(language: Language, { userId, email, name, role }: Member, view: MembersView): Html {
  const copy = organizationMembersPageCopy[language];
  const who = name ?? email;
  const ids = html`<input type="hidden" name="organization_id" value="${view.organization.id}" />
    <input type="hidden" name="user_id" value="${userId}" />`;
  return html`<details>
    <summary>${toLabel(copy.change(who))}</summary>
    <form method="post" action="/organization/members/role">
      ${ids}
      ${roleField(language, {
        own: view.organization.role,
        chosen: role,
        id: `role-${userId}`,
        label: toLabel(copy.role(who)),
      })}
      <button class="button quiet small">${toLabel(copy.changeRole(who))}</button>
    </form>
    ${
      userId === view.userId
        ? ''
        : html`<form method="post" action="/organization/members/remove">
            ${ids}
            <p class="fine">${copy.removeMeaning}</p>
            <button class="button danger small">${toLabel(copy.remove(who))}</button>
          </form>`
    }
  </details>`;
}
