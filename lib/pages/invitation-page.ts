/** What the link of an invitation opens: nothing happens until a button is pressed, and no browser joins as somebody else. */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import type { FoundInvitation } from '../organizations/found-invitation.ts';
import { toBreakable } from './breakable.ts';
import { invitationPageCopy, invitationRefusalCopy } from './copy.ts';
import { toInvitationWords } from './invitation-refusal.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import type { Refusal } from './refusal.ts';
import { tokenForm, tokenScript } from './token-form.ts';

const action = '/auth/invitation';

export function invitationLandingPage(c: PageContext, refusal?: Refusal): Page {
  const language = languageOf(c);
  const copy = invitationPageCopy[language];
  const buttons = html`<button class="button" name="decision" value="accept">${copy.accept}</button>
    <button class="button quiet" name="decision" value="decline">${copy.decline}</button>`;
  return {
    title: copy.title,
    scripts: [tokenScript],
    body: html`
      <p class="lead">${copy.lead}</p>
      ${tokenForm(language, { action, buttons }, refusal)}
    `,
  };
}

/** In a browser that is signed out: who invites, to what, and whose account it will be signed in to. */
export function invitationPage(c: PageContext, token: string, invitation: FoundInvitation): Page {
  const language = languageOf(c);
  const copy = invitationPageCopy[language];
  return {
    title: copy.title,
    body: html`
      <p class="lead">${copy.check} ${copy.meaning}</p>
      ${factsOf(language, invitation)}
      <form method="post" action="${action}">
        <input type="hidden" name="token" value="${token}" />
        <input type="hidden" name="confirm" value="yes" />
        <button class="button" name="decision" value="accept">${copy.acceptAndSignIn}</button>
        <button class="button quiet" name="decision" value="decline">${copy.decline}</button>
      </form>
    `,
  };
}

/** In a browser that is signed in as somebody else. */
export function otherPersonPage(c: PageContext, token: string, invitation: FoundInvitation): Page {
  const language = languageOf(c);
  const copy = invitationPageCopy[language];
  const refusal = invitationRefusalCopy[language]['invitation-for-another-address'];
  return {
    title: refusal.title,
    status: 409,
    isRefused: true,
    body: html`
      <p class="lead">${refusal.advice} ${copy.meaning}</p>
      ${factsOf(language, invitation)}
      <form method="post" action="${action}">
        <input type="hidden" name="token" value="${token}" />
        <input type="hidden" name="sign_out" value="yes" />
        <button class="button" name="decision" value="accept">${copy.signOutAndAccept}</button>
        <a class="button quiet" href="/account">${copy.stay}</a>
      </form>
    `,
  };
}

export function declinedPage(c: PageContext): Page {
  const { title, lead } = invitationPageCopy[languageOf(c)].declined;
  return { title, body: html`<p class="lead">${lead}</p>` };
}

/** A link that could not be used, or what was pasted for one. */
export function refusedInvitationPage(c: PageContext, refusal: Refusal): Page {
  if (refusal.slug === 'invalid-input') return invitationLandingPage(c, refusal);
  const language = languageOf(c);
  const copy = invitationPageCopy[language];
  const words = toInvitationWords(language, refusal);
  return {
    title: words?.title ?? refusal.title,
    body: html`
      <p class="lead">${words?.advice ?? `${refusal.advice} ${copy.openAgain}`}</p>
      <p class="links"><a href="/auth/sign-in">${copy.signIn}</a></p>
    `,
  };
}

function factsOf(language: Language, { inviter, slug, role, email }: FoundInvitation): Html {
  const copy = invitationPageCopy[language];
  const facts = [
    [copy.inviter, inviter === null ? copy.unknown : toBreakable(inviter)],
    [copy.organization, slug],
    [copy.role, copy.roles[role]],
    [copy.email, toBreakable(email)],
  ] as const;
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
