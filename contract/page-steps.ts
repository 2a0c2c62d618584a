/** What every page promises beyond what every endpoint does: a stranger is sent to sign in, and refusals are pages. */
import { toAddress } from './addresses.ts';
import {
  type ReceivedResponse,
  expectEmpty,
  expectHeader,
  expectStatus,
  headerOf,
  type RequestOptions,
  refuse,
} from './ask.ts';
import type { EndpointFacts } from './endpoint-facts.ts';
import type { Step } from './steps.ts';

/** A form as a page of the same origin sends it. */
export function toForm(fields: Readonly<Record<string, string>>) {
  return {
    body: new URLSearchParams(fields).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
  };
}

/** A page that no other site may frame, and no cache keeps. */
export function expectPage(response: ReceivedResponse, status: number): void {
  expectStatus(response, status);
  expectHeader(response, 'content-type', /^text\/html; charset=utf-8$/i);
  expectHeader(response, 'cache-control', /^no-store$/);
  expectHeader(response, 'content-security-policy', /^default-src 'none'.*frame-ancestors 'none'/);
  if (!response.body.trimEnd().endsWith('</html>')) refuse(response, 'not a whole page');
}

/** Leads on to another page. */
export function expectRedirect(response: ReceivedResponse, location: string): void {
  expectEmpty(response, 303);
  if (headerOf(response, 'location') !== location) refuse(response, `does not lead to ${location}`);
}

export function toPageSteps({
  name,
  method,
  path,
  needsBrowserUser,
  takesBody,
}: EndpointFacts): readonly Step[] {
  // An address of its own: whoever may call ten times in a quarter of an hour has called by now.
  const from = toAddress(`${name} page`);
  const form = toForm({});
  const step = (
    title: string,
    options: RequestOptions,
    check: (response: ReceivedResponse) => void,
  ): Step => ({
    name,
    title,
    run: async (ask) => {
      check(await ask(name, method, path, { from, ...options }));
    },
  });
  const steps: Step[] = [];
  if (method === 'POST') {
    for (const [whose, headers] of [
      ['of another site', { ...form.headers, 'Sec-Fetch-Site': 'cross-site' }],
      ['of nobody knows where', { 'Content-Type': form.headers['Content-Type'] }],
    ] as const) {
      steps.push(
        step(`takes no form ${whose}, and says so on a page`, { ...form, headers }, (response) => {
          expectPage(response, 403);
          expectNoCookie(response);
        }),
      );
    }
  }
  if (needsBrowserUser) {
    steps.push(
      step('sends a stranger to sign in, and back', method === 'POST' ? form : {}, (response) => {
        expectEmpty(response, 303);
        const back = method === 'GET' ? `\\?to=${encodeURIComponent(path)}` : '';
        expectHeader(response, 'location', new RegExp(`^/auth/sign-in${back}$`));
        expectNoCookie(response);
      }),
      step(
        'takes cookies away that are none of ours',
        {
          ...(method === 'POST' && form),
          headers: {
            ...(method === 'POST' && form.headers),
            Cookie: '__Host-access=x; __Host-session=bbrt_none',
          },
        },
        (response) => {
          expectEmpty(response, 303);
          expectHeader(response, 'location', /^\/auth\/sign-in\?notice=session-ended/);
          const cookies = response.headers.filter(([header]) => header === 'set-cookie');
          if (cookies.length !== 2 || !cookies.every(([, cookie]) => cookie.includes('Max-Age=0')))
            refuse(response, 'not both cookies taken away');
        },
      ),
    );
  } else if (takesBody) {
    const type = { ...form.headers, 'Content-Type': 'application/json' };
    steps.push(
      step('answers what is no form by a page', { body: '{}', headers: type }, (response) =>
        expectPage(response, 415),
      ),
      step('answers a form over 64 kB by a page', { ...form, body: 'x'.repeat(65_537) }, (response) =>
        expectPage(response, 413),
      ),
    );
  }
  return steps;
}

function expectNoCookie(response: ReceivedResponse): void {
  if (response.headers.some(([name]) => name === 'set-cookie')) refuse(response, 'sets a cookie');
}
