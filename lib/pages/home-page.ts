/** What this is, and where everything else is: for people who come to the bare address. */
import { html } from 'hono/html';
import { homePageCopy } from './copy.ts';
import type { Page, PageContext } from './layout.ts';
import { languageOf } from './page-language.ts';

export function homePage(c: PageContext): Page {
  const copy = homePageCopy[languageOf(c)];
  return {
    title: copy.title,
    body: html`
      <p class="lead">${copy.lead}</p>
      <div class="part">
        <a class="button" href="/auth/sign-in">${copy.signIn}</a>
        ${
          c.env.settings.signUpOpen
            ? html`<a class="button quiet" href="/auth/register">${copy.createAccount}</a>`
            : ''
        }
      </div>
      <section>
        <h2>${copy.developers}</h2>
        <ul class="rows">
          ${copy.links.map(
            ([href, name, hint]) =>
              html`<li>
                <div>
                  <a href="${href}">${name}</a>
                  <p class="fine">${hint}</p>
                </div>
              </li>`,
          )}
        </ul>
      </section>
    `,
  };
}
