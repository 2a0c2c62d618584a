/** One account in a browser, from registering to deletion: cookies, redirects and pages, each by the page's own function. */
import { toAddress } from './addresses.ts';
import { type ReceivedResponse, type Ask, expectHeader, expectJson, refuse } from './ask.ts';
import { toOrganizationPageSteps } from './organization-page-steps.ts';
import { expectPage, expectRedirect, toForm } from './page-steps.ts';
import type { Step } from './steps.ts';

const email = 'grace@example.com';
const nobodysToken = 'a-token-that-nobody-was-mailed-0123456789ab';

export function toBrowserSteps(): readonly Step[] {
  let password = 'correct horse battery staple';
  const cookies = new Map<string, string>();
  const steps: Step[] = [];

  /** Asks with the cookies of this browser, and keeps those that are set. */
  function createBrowser(ask: Ask, name: string, title: string) {
    const from = toAddress(`${name} ${title}`);
    return async (method: string, path: string, fields?: Readonly<Record<string, string>>) => {
      const form = fields && toForm(fields);
      const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
      const headers = { ...form?.headers, ...(cookie !== '' && { Cookie: cookie }) };
      const response = await ask(name, method, path, { from, headers, ...(form && { body: form.body }) });
      for (const [header, text] of response.headers) {
        const [, key = '', value = ''] = text.match(/^(__Host-[a-z]+)=([^;]*)/) ?? [];
        if (header !== 'set-cookie' || key === '') continue;
        if (value === '') cookies.delete(key);
        else cookies.set(key, value);
      }
      return response;
    };
  }

  function step(
    name: string,
    title: string,
    run: (browse: ReturnType<typeof createBrowser>) => Promise<void>,
  ): void {
    steps.push({ name, title, run: (ask) => run(createBrowser(ask, name, title)) });
  }

  const shows = (name: string, path: string, words: string) => {
    step(name, 'is a page', async (browse) => {
      const response = await browse('GET', path);
      expectPage(response, 200);
      if (!response.body.includes(words)) refuse(response, `does not say ${words}`);
    });
  };
  const takes = (
    name: string,
    title: string,
    path: string,
    fields: () => Readonly<Record<string, string>>,
    location: string,
  ) => {
    step(name, title, async (browse) => {
      expectRedirect(await browse('POST', path, fields()), location);
    });
  };
  const refuses = (
    name: string,
    title: string,
    path: string,
    fields: () => Readonly<Record<string, string>>,
    status: number,
  ) => {
    step(name, title, async (browse) => {
      expectPage(await browse('POST', path, fields()), status);
    });
  };

  shows('pages/register/show', '/auth/register', '</form>');
  refuses('pages/register/submit', 'shows the form again', '/auth/register', () => ({ email: 'x' }), 422);
  step(
    'pages/register/submit',
    'makes an account, and sets the cookies of a session and its device',
    async (browse) => {
      const response = await browse('POST', '/auth/register', { email, password, name: 'Grace "H" <🗝>' });
      expectRedirect(response, '/account');
      expectOwnCookies(response, 'access', 'device', 'session');
    },
  );
  step('pages/account/sign-out', 'takes both cookies away', async (browse) => {
    const response = await browse('POST', '/account/sign-out', {});
    expectRedirect(response, '/auth/sign-in?notice=signed-out');
    if (cookies.has('__Host-session') || cookies.has('__Host-access')) refuse(response, 'leaves a cookie');
  });
  shows('pages/sign-in/show', '/auth/sign-in', '</form>');
  refuses(
    'pages/sign-in/submit',
    'takes no wrong password',
    '/auth/sign-in',
    () => ({ email, password: 'a wrong one' }),
    401,
  );
  step(
    'pages/sign-in/submit',
    'sets the cookies of a session and its device and redirects, to nowhere else',
    async (browse) => {
      for (const to of ['/account', '//evil.example/', 'https://evil.example/']) {
        const response = await browse('POST', '/auth/sign-in', { email, password, to });
        expectRedirect(response, '/account');
        expectOwnCookies(response, 'access', 'device', 'session');
      }
    },
  );
  shows('pages/account/show', '/account', 'Grace &quot;H&quot; &lt;🗝&gt;');
  step('pages/account/show', 'sets the cookies anew when the access token is gone', async (browse) => {
    cookies.delete('__Host-access');
    const response = await browse('GET', '/account');
    expectPage(response, 200);
    expectOwnCookies(response, 'access', 'session');
  });
  shows('pages/account-name/show', '/account/name', 'value="Grace');
  takes(
    'pages/account-name/submit',
    'saves it',
    '/account/name',
    () => ({ name: 'Grace' }),
    '/account?notice=profile-changed',
  );
  refuses(
    'pages/account-name/submit',
    'shows a name again that is too long',
    '/account/name',
    () => ({ name: 'ü'.repeat(101) }),
    422,
  );
  shows('pages/account-password/show', '/account/password', 'current_password');
  step('pages/account-password/submit', 'changes it against the current one', async (browse) => {
    const fields = { confirm_by: 'password', new_password: 'another good password' };
    const wrong = await browse('POST', '/account/password', { ...fields, current_password: 'a wrong one' });
    expectPage(wrong, 403);
    const response = await browse('POST', '/account/password', { ...fields, current_password: password });
    expectRedirect(response, '/account?notice=password-changed');
    password = fields.new_password;
  });
  takes(
    'pages/account-devices/end',
    'knows no device of others',
    '/account/devices/end',
    () => ({ id: '01890a5d-ac96-774b-bcce-b302099a8057' }),
    '/account?notice=device-gone',
  );
  takes(
    'pages/account-devices/end-others',
    'ends the others',
    '/account/devices/end-others',
    () => ({}),
    '/account?notice=others-signed-out',
  );
  step('pages/account/export', 'is a file to keep', async (browse) => {
    const response = await browse('GET', '/account/export');
    expectJson(response, 200);
    expectHeader(response, 'content-disposition', /^attachment; filename=/);
    if (!response.body.includes(email)) refuse(response, 'not of this person');
  });
  shows('pages/account-activity/show', '/account/activity', '<time datetime=');
  shows('pages/account-email/show', '/account/email', '</form>');
  takes(
    'pages/account-email/submit',
    'mails the new address',
    '/account/email',
    () => ({ email: 'hopper@example.com', password, confirm_by: 'password' }),
    '/auth/code?for=email-change',
  );
  shows('pages/code/show', '/auth/code?for=email-change', 'hopper@example.com');
  refuses(
    'pages/code/submit',
    'takes no code that nobody was mailed',
    '/auth/code',
    () => ({ for: 'sign-in', email, code: '123 456' }),
    401,
  );
  shows('pages/forgot/show', '/auth/forgot', '</form>');
  takes('pages/forgot/submit', 'leads on', '/auth/forgot', () => ({ email }), '/auth/reset');
  shows('pages/reset/show', '/auth/reset', '</form>');
  refuses(
    'pages/reset/submit',
    'takes no token that nobody was mailed',
    '/auth/reset',
    () => ({ token: nobodysToken, new_password: 'another good password' }),
    401,
  );
  shows('pages/magic-link/show', '/auth/magic-link?for=sign-in', '</form>');
  refuses(
    'pages/magic-link/submit',
    'takes no token that nobody was mailed',
    '/auth/magic-link',
    () => ({ for: 'sign-in', token: nobodysToken }),
    401,
  );
  shows('pages/sign-in-link/show', '/auth/sign-in/link', '</form>');
  takes(
    'pages/sign-in-link/submit',
    'leads on',
    '/auth/sign-in/link',
    () => ({ email }),
    '/auth/code?for=sign-in',
  );
  shows('pages/verify/show', '/auth/verify', '</form>');
  takes(
    'pages/verify/submit',
    'leads on',
    '/auth/verify',
    () => ({ email }),
    '/auth/code?for=email-verification',
  );
  toOrganizationPageSteps({ step, shows, takes, refuses });
  shows('pages/account-delete/show', '/account/delete', 'action="/account/delete"');
  step('pages/account-delete/submit', 'deletes the account, and takes the cookies away', async (browse) => {
    const response = await browse('POST', '/account/delete', { password, confirm_by: 'password' });
    expectRedirect(response, '/auth/sign-in?notice=account-deleted');
    if (cookies.has('__Host-session') || cookies.has('__Host-access')) refuse(response, 'leaves a cookie');
  });
  return steps;
}

/** Of this host alone, for no script, over TLS only, and not sent with what other sites start (RFC 6265bis). */
function expectOwnCookies(response: ReceivedResponse, ...expected: readonly string[]): void {
  const form = /^__Host-(\w+)=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/;
  const names = response.headers
    .filter(([name, value]) => name === 'set-cookie' && !value.startsWith('__Host-asked='))
    .map(([, value]) => value.match(form)?.[1]);
  if (names.toSorted().join() !== expected.join()) {
    refuse(response, `not the cookies ${expected.join(', ')}, each of ours alone`);
  }
}
