/**
 * What a mailed link opens. The page is inert: it tells nothing and changes nothing until its button posts. The token
 * stands in the fragment, which browsers send to no server; a script hands it to the form. Without scripts the code of the same
 * email does the same.
 */
import { html } from 'hono/html';
import { toDeviceName } from '../core/user-agent.ts';
import type { PendingVerification } from '../accounts/verification.ts';
import { codeForm } from './code-page.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { type PagePurpose, purposes } from './purposes.ts';
import type { Refusal } from './refusal.ts';

/** Takes the token out of the address bar and the history too. A second link opened in the same tab changes the fragment only. */
const script = `
const take = () => {
  const token = location.hash.slice(1);
  if (!/^[\\w-]{43}$/.test(token)) return;
  history.replaceState(null, '', location.pathname + location.search);
  const form = document.getElementById('by-link');
  form.elements.token.value = token;
  form.hidden = false;
  document.getElementById('by-code').hidden = true;
  form.querySelector('button').focus();
};
addEventListener('hashchange', take);
take();
`;

export function landingPage(c: PageContext, purpose: PagePurpose): Page {
  const { title, button } = purposes[purpose];
  return {
    title,
    script,
    leadsTo: purpose === 'sign-in' ? c.env.settings.redirectOrigins : [],
    body: html`
      <form id="by-link" method="post" action="/auth/magic-link" hidden>
        <p class="lead">Press the button to go on. Nothing has happened yet.</p>
        ${hidden({ for: purpose, token: '' })}
        <button class="button">${button}</button>
      </form>
      <div id="by-code" class="part">
        <p class="lead">Type the code that stands in the same letter as the link.</p>
        ${codeForm(c, purpose)}
      </div>
    `,
  };
}

/** In a browser that did not ask for the email: whose account, who asked, and what will happen. */
export function confirmPage(
  c: PageContext,
  purpose: PagePurpose,
  token: string,
  verification: PendingVerification,
): Page {
  const { here, meaning } = purposes[purpose];
  return {
    title: 'Was it you who asked?',
    leadsTo: purpose === 'sign-in' ? c.env.settings.redirectOrigins : [],
    body: html`
      <p class="lead">This link was asked for in another browser. ${meaning}</p>
      ${factsOf(verification)}
      <form method="post" action="/auth/magic-link">
        ${hidden({ for: purpose, token, confirm: 'yes' })}
        <button class="button">${here}</button>
        <a class="button quiet" href="/auth/sign-in">No, leave it</a>
      </form>
      <p class="fine">
        If somebody sent you this link or it is not your account, leave it: it ends by itself.
      </p>
    `,
  };
}

export function factsOf({ email, userAgent, createdAt }: PendingVerification): Html {
  const minutes = Math.floor((Date.now() - createdAt.getTime()) / 60_000);
  const ago = minutes < 1 ? 'just now' : minutes === 1 ? 'a minute ago' : `${minutes} minutes ago`;
  return html`<dl class="facts">
    <div>
      <dt>Address</dt>
      <dd>${email}</dd>
    </div>
    <div>
      <dt>Asked from</dt>
      <dd>${toDeviceName(userAgent)}</dd>
    </div>
    <div>
      <dt>Asked</dt>
      <dd>${ago}</dd>
    </div>
  </dl>`;
}

/** A link that could not be used: why, and what to do next. */
export function deadLinkPage(purpose: PagePurpose | undefined, { title, advice, slug }: Refusal): Page {
  const { askAt, codeAt } = purposes[purpose ?? 'sign-in'];
  const isDead = slug.startsWith('verification-');
  return {
    title,
    body: html`
      <p class="lead">${advice} ${isDead ? '' : 'Open the link in the email again, then.'}</p>
      ${isDead ? html`<a class="button" href="${askAt}">Ask for a new one</a>` : ''}
      <p class="links">
        ${isDead ? html`<a href="${codeAt}">Type a code instead</a>` : ''}
        <a href="/auth/sign-in">Sign in</a>
      </p>
    `,
  };
}

function hidden(fields: Readonly<Record<string, string>>): Html {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`${inputs}`;
}
