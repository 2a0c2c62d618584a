/** The join link of an organization on its page: how far the present one goes, and the form for another one. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { createUuid } from '../core/uuid.ts';
import type { CurrentOrganization } from '../organizations/current-organization.ts';
import type { LiveJoinLink } from '../organizations/join-link-reading.ts';
import { toBreakable } from './breakable.ts';
import { organizationInvitationsPageCopy } from './copy.ts';
import { field } from './fields.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { toOrganizationRefusal } from './organization-refusal.ts';
import { languageOf } from './page-language.ts';
import { toReadableTime } from './readable-time.ts';
import type { Refusal } from './refusal.ts';
import { refusedFormPage } from './refused-form-page.ts';
import { selectField } from './select-field.ts';
import { shownOncePage } from './shown-once-page.ts';

const path = '/organization/join-link';
const home = '/organization/invitations';

export function joinLinkPart(
  language: Language,
  { id: organizationId, isVerified }: CurrentOrganization,
  link: LiveJoinLink | undefined,
): Html {
  const copy = organizationInvitationsPageCopy[language];
  return html`
    <p class="fine">${copy.linkHint}</p>
    ${
      link &&
      html`<ul class="rows">
        <li>
          <div>
            <strong
              >${link.domain === null ? copy.anyDomain : copy.domainOnly(toBreakable(link.domain))}</strong
            >
            <p class="fine">
              ${copy.uses(link.uses, link.maximumUses)} ·
              ${copy.until(toReadableTime(language, link.expiresAt))}
            </p>
            <form method="post" action="${path}/revoke" class="buttons">
              <input type="hidden" name="organization_id" value="${organizationId}" />
              <button class="button quiet small">${copy.turnOff}</button>
            </form>
          </div>
        </li>
      </ul>`
    }
    ${
      isVerified
        ? html`<details>
            <summary>${link ? copy.makeAnother : copy.make}</summary>
            ${link && html`<p class="fine">${copy.replaces}</p>`} ${joinLinkForm(language, organizationId)}
          </details>`
        : html`<p class="fine">${copy.linkUnverified}</p>`
    }
  `;
}

export function refusedJoinLinkPage(c: PageContext, refused: Refusal): Page {
  const language = languageOf(c);
  const copy = organizationInvitationsPageCopy[language];
  const refusal = toOrganizationRefusal(language, refused);
  return refusedFormPage({
    title: copy.make,
    refusal,
    form: joinLinkForm(language, refusal.values['organization_id'] ?? '', refusal),
    back: { href: home, label: copy.backToInvitations },
  });
}

/**
 * The one time that the link is shown; and what the same form is answered after that.
 *
 * @param url none where the form has made its link before: nobody can be shown it again
 */
export function madeJoinLinkPage(c: PageContext, url: string | undefined): Page {
  const copy = organizationInvitationsPageCopy[languageOf(c)];
  const back = { href: home, label: copy.backToInvitations };
  if (url === undefined) return formerJoinLinkPage(copy.madeBefore, back);
  return shownOncePage({ ...copy.made, id: 'url', value: url, back });
}

function formerJoinLinkPage(
  { title, lead }: { readonly title: string; readonly lead: string },
  back: { readonly href: string; readonly label: string },
): Page {
  return {
    title,
    body: html`
      <p class="lead">${lead}</p>
      <p class="links"><a href="${back.href}">${back.label}</a></p>
    `,
  };
}

function joinLinkForm(language: Language, organizationId: string, refusal?: Refusal): Html {
  const copy = organizationInvitationsPageCopy[language];
  const { domain, domainHint, domainTakes, maximumUses, maximumUsesHint, maximumUsesTakes } = copy;
  const optional = { isOptional: true, autocomplete: 'off', enterKeyHint: 'next' } as const;
  return html`<form method="post" action="${path}">
    <input type="hidden" name="organization_id" value="${organizationId}" />
    <input type="hidden" name="form_id" value="${refusal?.values['form_id'] ?? createUuid()}" />
    ${field(
      language,
      { name: 'domain', label: domain, hint: domainHint, takes: domainTakes, maxLength: 253, ...optional },
      refusal,
    )}
    ${field(
      language,
      {
        name: 'maximum_uses',
        label: maximumUses,
        hint: maximumUsesHint,
        takes: maximumUsesTakes,
        inputMode: 'numeric',
        maxLength: 5,
        ...optional,
      },
      refusal,
    )}
    ${selectField({
      name: 'expires_in_days',
      label: copy.days,
      choices: copy.dayChoices,
      chosen: refusal?.values['expires_in_days'] ?? '7',
    })}
    <button class="button">${copy.makeButton}</button>
  </form>`;
}
