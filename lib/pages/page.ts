/**
 * What stands before the guard of a page: forms of other sites are refused before anything else is looked at, and
 * whatever the guard or the handler refuses is answered as a page, with the status and the headers that it has.
 */
import { html } from 'hono/html';
import type { Context, MiddlewareHandler } from 'hono';
import { closeBrowserSession } from './browser-session.ts';
import { errorPageCopy } from './copy.ts';
import { submittedOf } from '../http/form-body.ts';
import { challengeHeader, Problem, problems, type ProblemSlug } from '../core/problem.ts';
import { plainProblemOf } from '../http/http-exception.ts';
import { problemOf } from '../http/outage-problem.ts';
import { isSameOrigin } from '../http/same-origin.ts';
import type { FunctionEnv } from '../http/services.ts';
import { type Page, type PageContext, respond } from './layout.ts';
import { languageOf } from './page-language.ts';
import { type Refusal, toRefusal } from './refusal.ts';

/**
 * @param again the page to show in place of the plain error page, as a rule the same form with what is wrong;
 * undefined for the plain one. Its status is the problem's.
 * @param home where the plain error page leads to; the page itself unless told, which an endpoint without a page needs to be
 *
 * @example createFunction().post('/auth/sign-in', page(signInPage), guard({ ... }), (c) => ...);
 */
export function page(
  again?: (c: PageContext, refusal: Refusal) => Omit<Page, 'status'> | undefined,
  home?: string,
): MiddlewareHandler<FunctionEnv> {
  return async function paged(c, next) {
    c.env.requestContext.route = c.req.routePath;
    if (c.req.method === 'POST' && !isSameOrigin(c)) {
      return answerRefusal(c, new Problem('cross-site-request'), () => undefined, home);
    }
    await next();
    if (c.res.headers.get('content-type') !== 'application/problem+json') return undefined;
    const problem = problemOf(c.error) ?? plainProblemOf(c.error);
    // A status of Hono's that no problem of ours says stays as it is.
    if (!problem && c.res.status !== 500) return undefined;
    // Hono keeps the headers of the answer that is replaced, but for the content type.
    c.res = await answerRefusal(c, problem ?? new Problem('internal-error'), again, home);
    return undefined;
  };
}

/** Who has to sign in first, or anew, is sent there, and back to where they wanted to go. */
const signInProblems = new Set<ProblemSlug>([
  'authentication-required',
  'refresh-token-invalid',
  'refresh-token-reused',
  'session-ended',
]);

/** What is no fault of the form's fields: to show it again would not help. */
const needsErrorPage = new Set<ProblemSlug>([
  'cross-site-request',
  'malformed-request',
  'content-too-large',
  'unsupported-media-type',
]);

async function answerRefusal(
  c: Context<FunctionEnv>,
  problem: Problem,
  again: Parameters<typeof page>[0],
  home = c.req.path,
): Promise<Response> {
  if (signInProblems.has(problem.slug)) return sendToSignIn(c, problem.slug);
  const refusal = toRefusal(problem, languageOf(c), {
    retryAfter: c.res.headers.get('retry-after'),
    values: withoutSecrets(submittedOf(c.req.raw)),
    requestId: c.env.requestContext.requestId,
  });
  const shown = needsErrorPage.has(problem.slug) ? undefined : again?.(c, refusal);
  const { status } = problems[problem.slug];
  return respond(c, { ...(shown ?? errorPage(c, home, refusal)), isRefused: true, status });
}

function sendToSignIn(c: Context<FunctionEnv>, slug: ProblemSlug): Response {
  const query = new URLSearchParams();
  if (slug !== 'authentication-required') {
    closeBrowserSession(c);
    query.set('notice', 'session-ended');
  }
  // HEAD leads where GET does.
  if (c.req.method !== 'POST') query.set('to', c.req.path + new URL(c.req.url).search);
  c.header('Content-Type', undefined);
  c.header(challengeHeader, undefined);
  const search = query.toString();
  return c.redirect(`/auth/sign-in${search && `?${search}`}`, 303);
}

/** Values to fill in again: nothing that is called a password, a token or a code. */
function withoutSecrets(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !/password|token|code/.test(name)));
}

function errorPage(c: PageContext, home: string, { title, advice, slug, requestId }: Refusal): Page {
  const copy = errorPageCopy[languageOf(c)];
  const isOurs = problems[slug].status >= 500;
  return {
    title,
    body: html`
      <p class="lead">${advice}</p>
      <a class="button" href="${home}">${isOurs ? copy.again : copy.open}</a>
      ${isOurs ? html`<p class="fine">${copy.requestId} <code>${requestId}</code></p>` : ''}
    `,
  };
}
