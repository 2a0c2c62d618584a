/** The open invitations of an organization, and a form for another one. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { Role } from '../../db/schema.ts';
import { roles } from '../../db/roles.ts';
import { rolesWithin } from '../core/permissions.ts';
import type { CurrentOrganization } from '../organizations/current-organization.ts';
import type { Invitation } from '../organizations/invitation.ts';
import type { LiveJoinLink } from '../organizations/join-link-reading.ts';
import { toBreakable } from './breakable.ts';
import { organizationInvitationsPageCopy, roleFieldCopy } from './copy.ts';
import { emailField } from './fields.ts';
import { joinLinkPart } from './join-link-part.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { toLabel } from './link-label.ts';
import { noticeOf } from './notice.ts';
import { toOrganizationRefusal } from './organization-refusal.ts';
import { organizationStyle } from './organization-style.ts';
import { languageOf } from './page-language.ts';
import { toReadableTime } from './readable-time.ts';
import type { Refusal } from './refusal.ts';
import { refusedFormPage } from './refused-form-page.ts';
import { roleField } from './role-field.ts';

const path = '/organization/invitations';

interface InvitationsView {
  readonly organization: CurrentOrganization;
  readonly invitations: readonly Invitation[];
  readonly link: LiveJoinLink | undefined;
  readonly now: Date;
}

export function organizationInvitationsPage(c: PageContext, view: InvitationsView): Page {
  const language = languageOf(c);
  const copy = organizationInvitationsPageCopy[language];
  const { organization, invitations, link } = view;
  const notice = noticeOf(copy.notices, c.req.query('notice'));
  return {
    title: copy.title,
    isWide: true,
    ownStyle: organizationStyle,
    body: html`
      ${notice && html`<p class="notice" role="status">${notice}</p>`}
      <p class="lead">${organization.name}</p>
      <section aria-labelledby="invite">
        <h2 id="invite">${copy.invite}</h2>
        ${organization.isVerified ? inviteForm(language, organization) : toVerify(language)}
      </section>
      <section aria-labelledby="open">
        <h2 id="open">${copy.open}</h2>
        ${
          invitations.length === 0
            ? html`<p class="fine">${copy.none}</p>`
            : html`<ul class="rows">
                ${invitations.map((invitation) => item(language, invitation, view))}
              </ul>`
        }
      </section>
      <section aria-labelledby="link">
        <h2 id="link">${copy.link}</h2>
        ${joinLinkPart(language, organization, link)}
      </section>
      <p class="links"><a href="/organization">${copy.back}</a></p>
    `,
  };
}

/** Whose role it was shown to stands in it, so that to refuse takes no statement. */
export function refusedInvitingPage(c: PageContext, refused: Refusal): Page {
  const language = languageOf(c);
  const copy = organizationInvitationsPageCopy[language];
  const refusal = toOrganizationRefusal(language, refused);
  const { organization_id: id = '', own_role } = refusal.values;
  const role = roles.find((known) => known === own_role) ?? 'member';
  return refusedFormPage({
    title: copy.invite,
    refusal,
    form: inviteForm(language, { id, role }, refusal),
    back: { href: path, label: copy.backToInvitations },
  });
}

function inviteForm(
  language: Language,
  { id, role }: { readonly id: string; readonly role: Role },
  refusal?: Refusal,
): Html {
  const copy = organizationInvitationsPageCopy[language];
  return html`<form method="post" action="${path}">
    <input type="hidden" name="organization_id" value="${id}" />
    <input type="hidden" name="own_role" value="${role}" />
    <p class="fine">${copy.inviteHint}</p>
    ${emailField(language, { label: copy.email, autocomplete: 'off', enterKeyHint: 'next' }, refusal)}
    ${roleField(language, { own: role, chosen: refusal?.values['role'] ?? 'member' })}
    <button class="button">${copy.inviteButton}</button>
  </form>`;
}

function toVerify(language: Language): Html {
  const copy = organizationInvitationsPageCopy[language];
  return html`<p class="fine">${copy.unverified}</p>
    <p class="links"><a href="/auth/verify">${copy.verify}</a></p>`;
}

function item(
  language: Language,
  { id, email, role, expiresAt }: Invitation,
  { organization, now }: InvitationsView,
): Html {
  const copy = organizationInvitationsPageCopy[language];
  const isExpired = expiresAt <= now;
  return html`<li>
    <div>
      <strong>${toBreakable(email)}</strong>
      <p class="fine">
        ${roleFieldCopy[language].roles[role]} ·
        ${isExpired ? copy.expired : copy.until(toReadableTime(language, expiresAt))}
      </p>
      ${
        rolesWithin(organization.role).includes(role)
          ? html`<form method="post" action="${path}/revoke" class="buttons">
              <input type="hidden" name="organization_id" value="${organization.id}" />
              <input type="hidden" name="id" value="${id}" />
              ${
                organization.isVerified
                  ? html`<button class="button quiet small" formaction="${path}/resend">
                      ${toLabel(copy.resend(email))}
                    </button>`
                  : ''
              }
              <button class="button quiet small">${toLabel(copy.revoke(email))}</button>
            </form>`
          : ''
      }
    </div>
  </li>`;
}
