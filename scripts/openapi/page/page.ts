/** The page about the API: HTML without scripts, made of the document. */
import { html, raw } from 'hono/html';
import { areas } from '../../../contract/areas.ts';
import type { Content, OpenApiDocument, OpenApiResponse, Operation } from '../../../contract/openapi.ts';
import * as copy from '../../../lib/pages/docs-copy.ts';
import { groupByTag, setUp, toCurl } from './curl.ts';
import { listFields, listWays } from './fields.ts';
import { listRefusals } from './refusals.ts';

/** What stands below the page's heading. */
export async function toPage(document: OpenApiDocument): Promise<string> {
  const groups = groupByTag(document);
  const page = await html`<p class="lead">
      ${copy.lead} ${copy.machines} <a href="/openapi.json">openapi.json</a>
    </p>
    <nav aria-label="${copy.contents}">
      <ul class="contents">
        ${groups.map(
          ({ name, routes }) =>
            html`<li>
              <a href="#${name}">${titleOf(name)}</a>
              <ul>
                ${routes.map(
                  ({ operation }) =>
                    html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
                )}
              </ul>
            </li>`,
        )}
      </ul>
    </nav>
    <section>
      <h2>${copy.start}</h2>
      <p>${copy.startLead}</p>
      <pre><code>${setUp}</code></pre>
      <p class="fine">${copy.startMore}</p>
    </section>
    <section>
      <h2>${copy.rules}</h2>
      ${String(document.info['description'])
        .split('\n\n')
        .map((paragraph) => html`<p>${toMarkup(paragraph)}</p>`)}
    </section>
    ${groups.map(
      ({ name, description, routes }) =>
        html`<section class="area" id="${name}">
          <h2>${titleOf(name)}</h2>
          ${description === undefined ? '' : html`<p class="lead">${toMarkup(description)}</p>`}
          ${routes.map(({ path, method, operation }) => toRoute({ path, method, operation, document }))}
        </section> `,
    )}`;
  return String(page);
}

const titleOf = (name: string) => areas[name]?.title ?? name;

interface ShownRoute {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
  readonly document: OpenApiDocument;
}

function toRoute(route: ShownRoute) {
  const { path, method, operation, document } = route;
  return html`<section class="route" id="${operation.operationId}">
    <h3>${operation.summary}</h3>
    <p class="address"><span class="badge">${method.toUpperCase()}</span> <code>${path}</code></p>
    <p>${toMarkup(operation.description)}</p>
    <dl class="facts">
      <div>
        <dt>${copy.caller}</dt>
        <dd>${toCallers(operation)}</dd>
      </div>
      <div>
        <dt>${copy.limits}</dt>
        <dd>${toLimits(operation)}</dd>
      </div>
    </dl>
    ${toFields(operation, document)}
    <h4>${copy.tryIt}</h4>
    <pre><code>${toCurl(path, method, operation)}</code></pre>
    <h4>${copy.answers}</h4>
    <ul class="answers">
      ${toAnswers(operation)}
    </ul>
    <h4>${copy.refusals}</h4>
    <ul class="refusals">
      ${listRefusals(operation, document).map(
        ({ status, slug }) => html`<li>${status} <a href="/problems/${slug}">${slug}</a></li>`,
      )}
    </ul>
  </section> `;
}

function toCallers({ security }: Operation) {
  const [first] = security;
  if (!first) return copy.callers.anyone;
  if (Object.keys(first).length === 0) return copy.callers.optionalAccessToken;
  const names = security.flatMap((scheme) => Object.keys(scheme));
  return toLines(names.map((name) => copy.callers[name] ?? name));
}

function toLimits({ 'x-ratelimit-policies': policies }: Operation) {
  if (policies.length === 0) return copy.noLimits;
  return toLines(policies.map(copy.limit));
}

const toLines = (lines: readonly string[]) =>
  lines.map((line, nth) => html`${nth > 0 ? raw('<br>') : ''}${line}`);

function toFields(operation: Operation, document: OpenApiDocument) {
  const fields = listFields(operation, document);
  if (fields.length === 0) return '';
  return html`<h4>${copy.body}</h4>
    ${toWays(operation)}
    <dl class="fields">
      ${fields.map(
        ({ name, takes, note }) =>
          html`<div>
            <dt><code>${name}</code> <span class="more">${takes}</span></dt>
            <dd>${toMarkup(note)}</dd>
          </div>`,
      )}
    </dl> `;
}

function toWays(operation: Operation) {
  const ways = listWays(operation);
  if (ways.length === 0) return '';
  const named = ways.map((names) => names.map((name) => `\`${name}\``).join(` ${copy.and} `));
  return html`<p>${toMarkup(copy.ways(named.join(`, ${copy.or} `)))}</p>`;
}

function toAnswers({ responses }: Operation) {
  return Object.entries(responses)
    .filter(([status]) => Number(status) < 400 || isOwn(responses[status]))
    .map(([status, response]) => {
      const { description = '', content = {} } = '$ref' in response ? {} : response;
      return html`<li><strong>${status}</strong> ${description}${Object.values(content).map(toExample)}</li>`;
    });
}

/** A 503 of health is its answer, and no problem. */
const isOwn = (response: OpenApiResponse | object = {}) =>
  'content' in response &&
  response.content !== undefined &&
  !Object.keys(response.content).includes('application/problem+json');

function toExample({ example }: Content) {
  if (example === undefined) return '';
  return html`<details>
    <summary>${copy.example}</summary>
    <pre><code>${JSON.stringify(example, null, 1)}</code></pre>
  </details>`;
}

/** What stands between backticks is code. */
function toMarkup(text: string) {
  return text.split('`').map((part, nth) => (nth % 2 === 1 ? html`<code>${part}</code>` : part));
}
