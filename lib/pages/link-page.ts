/**
 * What a mailed link opens. The page is inert: it reveals nothing and changes nothing until its button posts. The token
 * stands in the fragment, which browsers send to no server; a script hands it to the form. Without scripts the code of the same
 * email does the same.
 */
import { html } from 'hono/html';
import type { Language } from '../../db/languages.ts';
import { toDeviceName } from '../core/device-name.ts';
import { toDevice } from '../core/user-agent.ts';
import type { PendingVerification } from '../accounts/verification.ts';
import { toRedirectSources } from '../http/redirect-sources.ts';
import { appLead, toAppName } from './app-link.ts';
import { toBreakable } from './breakable.ts';
import { codeForm, scriptsOf } from './code-page.ts';
import { passwordField } from './fields.ts';
import {
  appLinkCopy,
  confirmPageCopy,
  deadLinkPageCopy,
  factsCopy,
  landingPageCopy,
  purposeButtonCopy,
} from './copy.ts';
import type { Html, Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';
import { type PagePurpose, purposes } from './purposes.ts';
import type { Refusal } from './refusal.ts';
import { revealScript } from './reveal.ts';
import { toElapsed } from './elapsed.ts';

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
  const language = languageOf(c);
  const copy = landingPageCopy[language];
  return {
    title: copy.titles[purpose],
    scripts: [script, ...scriptsOf(purpose)],
    leadsTo: purpose === 'sign-in' ? toRedirectSources(c.env.settings) : [],
    body: html`
      <form id="by-link" method="post" action="/auth/magic-link" hidden>
        <p class="lead">${copy.lead}</p>
        ${hidden({ for: purpose, token: '' })}
        <button class="button">${purposeButtonCopy[language][purpose]}</button>
      </form>
      <div id="by-code" class="part">
        <p class="lead">${copy.byCode}</p>
        ${codeForm(c, purpose)}
      </div>
    `,
  };
}

/**
 * In a browser that did not request the email, as it is with an app: whose account, who requested it, and what will happen.
 */
export function confirmPage(
  c: PageContext,
  purpose: Exclude<PagePurpose, 'password-reset'>,
  token: string,
  verification: PendingVerification,
): Page {
  const language = languageOf(c);
  const copy = confirmPageCopy[language];
  const { appRedirect } = verification;
  const lead =
    appRedirect === null || purpose === 'email-change'
      ? html`<p class="lead">${copy.lead} ${copy.meanings[purpose]}</p>`
      : appLead(language, toAppName(appRedirect), appLinkCopy[language].meanings[purpose]);
  return {
    title: copy.title,
    scripts: purpose === 'email-verification' ? [revealScript] : [],
    leadsTo: toRedirectSources(c.env.settings),
    body: html`
      ${lead} ${factsOf(language, verification)}
      <form method="post" action="/auth/magic-link">
        ${hidden({ for: purpose, token, confirm: 'yes' })}
        ${
          purpose === 'email-verification'
            ? passwordField(language, {
                label: copy.password,
                hint: copy.passwordHint,
                isOptional: true,
              })
            : ''
        }
        <button class="button">
          ${appRedirect === null ? copy.buttons[purpose] : purposeButtonCopy[language][purpose]}
        </button>
        <a class="button quiet" href="/auth/sign-in">${copy.cancel}</a>
      </form>
      <p class="fine">${copy.warning}</p>
    `,
  };
}

export function factsOf(language: Language, { email, userAgent, createdAt }: PendingVerification): Html {
  const copy = factsCopy[language];
  return html`<dl class="facts">
    <div>
      <dt>${copy.email}</dt>
      <dd>${toBreakable(email)}</dd>
    </div>
    <div>
      <dt>${copy.device}</dt>
      <dd>${toDeviceName(toDevice(userAgent), language)}</dd>
    </div>
    <div>
      <dt>${copy.time}</dt>
      <dd>${toElapsed(language, createdAt, new Date())}</dd>
    </div>
  </dl>`;
}

/** A link that could not be used: why, and what to do next. */
export function deadLinkPage(
  c: PageContext,
  purpose: PagePurpose | undefined,
  { title, advice, slug }: Refusal,
): Page {
  const copy = deadLinkPageCopy[languageOf(c)];
  const { requestAt, codeAt } = purposes[purpose ?? 'sign-in'];
  const isDead = slug.startsWith('verification-');
  return {
    title,
    body: html`
      <p class="lead">${advice} ${isDead ? '' : copy.openAgain}</p>
      ${isDead ? html`<a class="button" href="${requestAt}">${copy.request}</a>` : ''}
      <p class="links">
        ${isDead ? html`<a href="${codeAt}">${copy.enterCode}</a>` : ''}
        <a href="/auth/sign-in">${copy.signIn}</a>
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
