/**
 * What people do on the pages, in browsers without scripts; `browser/` does it in a real one. Long because each page leads to
 * the next.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { startBlockbot } from './support/blockbot.ts';
import { lastEmail } from './support/mailed.ts';
import { createBrowser, readWhole, userAgents } from './support/browser.ts';

const bot = await startBlockbot();
const { settings } = bot.services;
const strict = await startBlockbot({ settings: { ...settings, requireEmailVerification: true } });
const password = 'correct horse battery staple';

const locationOf = (response: Response) => {
  assert.equal(response.status, 303);
  return response.headers.get('location');
};

/** Who a browser is signed in as, by asking the API with the token that the browser holds. */
async function emailBehind(browser: ReturnType<typeof createBrowser>, of = bot): Promise<string | undefined> {
  const token = browser.cookies.get('__Host-access');
  if (token === undefined) return undefined;
  const response = await of.send('GET', '/v1/me', { token });
  return ((await response.json()) as { user: { email: string } }).user.email;
}

suite('cookies', () => {
  test('are for this host alone, never for scripts, and not for other sites', async () => {
    const { email } = await bot.register();
    const response = await createBrowser(bot).submit('/auth/sign-in', { email, password });
    assert.equal(locationOf(response), '/account');
    const [device = '', session = '', access = '', ...more] = response.headers.getSetCookie();
    assert.deepEqual(more, []);
    assert.match(
      session,
      /^__Host-session=bbrt_[\w-]{91}; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    assert.match(
      device,
      /^__Host-device=[\w-]{72}; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    assert.match(access, /^__Host-access=[\w.-]+; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  test('do without prefix and Secure where the service is plain HTTP', async () => {
    const http = await startBlockbot({ settings: { ...settings, publicUrl: 'http://dev.example.com' } });
    const { email } = await http.register();
    const response = await createBrowser(http).submit('/auth/sign-in', { email, password });
    assert.deepEqual(
      response.headers.getSetCookie().map((cookie) => cookie.replace(/=[^;]+/, '')),
      [
        'device; Max-Age=7776000; Path=/; HttpOnly; SameSite=Lax',
        'session; Max-Age=7776000; Path=/; HttpOnly; SameSite=Lax',
        'access; Max-Age=900; Path=/; HttpOnly; SameSite=Lax',
      ],
    );
  });
});

suite('signing in by password', () => {
  test('leads back to where one came from, on this site only', async () => {
    const { email } = await bot.register();
    const targets = {
      '/account/devices?all=1': '/account/devices?all=1',
      '//evil.example': '/account',
      '/\\evil.example': '/account',
      '/..//evil.example': '/account',
      '/\t/evil.example': '/account',
      'https://evil.example': '/account',
      'javascript:alert(1)': '/account',
    };
    for (const [to, expected] of Object.entries(targets)) {
      const response = await createBrowser(bot).submit('/auth/sign-in', { email, password, to });
      assert.equal(locationOf(response), expected, to);
      const shown = await (await createBrowser(bot).get(`/auth/sign-in?to=${encodeURIComponent(to)}`)).text();
      assert.equal(shown.includes('name="to"'), expected !== '/account', to);
    }
  });

  test('shows the form again with the address, without the password, whether or not there is an account', async () => {
    const { email } = await bot.register();
    const answers = [];
    for (const address of [email, 'nobody@example.com']) {
      const response = await createBrowser(bot).submit('/auth/sign-in', {
        email: address,
        password: 'not my secret',
      });
      assert.equal(response.status, 401);
      assert.deepEqual(response.headers.getSetCookie(), []);
      const text = await response.text();
      assert.match(text, /<title>Error: Sign in/);
      assert.match(text, /role="alert"/);
      assert.ok(text.includes(`value="${address}"`));
      assert.ok(!text.includes('not my secret'));
      answers.push(text.replaceAll(address, ''));
    }
    assert.equal(answers[0], answers[1]);
  });

  test('offers another email while the address is not verified', async () => {
    const browser = createBrowser(strict);
    const email = 'unverified@example.com';
    assert.equal(
      locationOf(await browser.submit('/auth/register', { email, password })),
      '/auth/code?for=email-verification',
    );
    const refused = await browser.submit('/auth/sign-in', { email, password });
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), /action="\/auth\/verify"/);
    assert.equal(
      locationOf(await browser.submit('/auth/verify', { email })),
      '/auth/code?for=email-verification',
    );
    const { code } = await lastEmail(strict, email, 'email-verification');
    await browser.submit('/auth/code', { for: 'email-verification', email, code });
    assert.equal(await emailBehind(browser, strict), email);
  });
});

suite('a refused form', () => {
  test('ties each error to its field, and keeps what was typed but passwords', async () => {
    const fields = { email: 'not an address', password: 'short', name: 'Ada "the first"' };
    const response = await createBrowser(bot).submit('/auth/register', fields);
    assert.equal(response.status, 422);
    const text = (await response.text()).replace(/\s+/g, ' ');
    for (const name of ['email', 'password']) {
      assert.match(text, new RegExp(`id="${name}-error"`));
      assert.match(
        text,
        new RegExp(`<input id="${name}"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*${name}-error"`),
      );
    }
    assert.ok(text.includes('value="Ada &quot;the first&quot;"'));
    assert.ok(!text.includes('value="short"'));
    assert.equal(text.match(/autofocus/g)?.length, 1);
  });
});

suite('a mailed link', () => {
  async function ask(email: string, of = bot) {
    const browser = createBrowser(of);
    assert.equal(locationOf(await browser.submit('/auth/sign-in/link', { email })), '/auth/code?for=sign-in');
    const [message] = (await of.emails(email)).slice(-1);
    assert.ok(message);
    return { browser, ...message };
  }
  const link = (token: string, more = {}) => ({ for: 'sign-in', token, ...more });

  test('takes one click in the browser that asked', async () => {
    const { browser, token } = await ask('one-click@example.com');
    assert.equal(
      locationOf(await browser.submit('/auth/magic-link', link(token))),
      `${settings.publicUrl}/account`,
    );
    assert.equal(await emailBehind(browser), 'one-click@example.com');
  });

  test('asks first in another browser: whose account, from which device, and nothing is used up', async () => {
    const { token, browser } = await ask('elsewhere@example.com');
    const other = createBrowser(bot, userAgents.safari);
    const asked = await other.submit('/auth/magic-link', link(token));
    assert.equal(asked.status, 200);
    const text = await readWhole(asked);
    assert.match(text, /elsewhere@example\.com/);
    assert.match(text, /Firefox on Linux/);
    assert.deepEqual([...other.cookies.keys()], []);
    await browser.submit('/auth/magic-link', link(token));
    assert.equal(await emailBehind(browser), 'elsewhere@example.com');
  });

  test('works in another browser once it was confirmed there', async () => {
    const { token } = await ask('confirmed@example.com');
    const other = createBrowser(bot, userAgents.safari);
    await other.submit('/auth/magic-link', link(token, { confirm: 'yes' }));
    assert.equal(await emailBehind(other), 'confirmed@example.com');
  });

  test('does not take the cookie of another email for its own', async () => {
    const { token } = await ask('mine@example.com');
    const { browser: stranger } = await ask('theirs@example.com');
    const response = await stranger.submit('/auth/magic-link', link(token));
    assert.match(await response.text(), /Did you request this/);
    assert.equal(await emailBehind(stranger), undefined);
  });

  test('that is used, replaced or made up says so, and what to do next', async () => {
    const { browser, token } = await ask('dead@example.com');
    await bot.database.sql`update magic_links set expires_at = now() where email = 'dead@example.com'`;
    const { token: newer } = await ask('dead@example.com');
    const replaced = await browser.submit('/auth/magic-link', link(token));
    assert.equal(replaced.status, 410);
    assert.match(await replaced.text(), /has expired[^]*Get a new one/);
    await createBrowser(bot).submit('/auth/magic-link', link(newer, { confirm: 'yes' }));
    const used = await browser.submit('/auth/magic-link', link(newer));
    assert.equal(used.status, 410);
    assert.match(await used.text(), /was already used[^]*Get a new one/);
    const madeUp = await browser.submit('/auth/magic-link', link('x'.repeat(43)));
    assert.equal(madeUp.status, 401);
    assert.match(await madeUp.text(), /not valid[^]*Get a new one/);
  });

  test('leads on to an allowed origin, and nowhere else once the origin is off the list', async () => {
    const redirect = 'https://app.example.com/welcome';
    for (const [redirectOrigins, expected] of [
      [settings.redirectOrigins, redirect],
      [new Set<string>(), '/account'],
    ] as const) {
      await bot.send('POST', '/v1/auth/magic-link', {
        body: { email: 'app@example.com', redirect_to: redirect },
      });
      const { token } = await lastEmail(
        bot,
        'app@example.com',
        redirectOrigins.size > 0 ? 'sign-up' : 'sign-in',
      );
      const off = { ...bot, send: withSettings({ ...settings, redirectOrigins }) };
      const response = await createBrowser(off).submit('/auth/magic-link', link(token, { confirm: 'yes' }));
      assert.equal(locationOf(response), expected);
    }
  });

  test('is answered by its code where there are no scripts, spaces and all', async () => {
    const { browser, code, to } = await ask('typed@example.com');
    assert.match(await (await browser.get('/auth/code?for=sign-in')).text(), /value="typed@example\.com"/);
    const wrong = await browser.submit('/auth/code', {
      for: 'sign-in',
      email: to,
      code: code === '000000' ? '000001' : '000000',
    });
    assert.equal(wrong.status, 401);
    assert.match(await wrong.text(), /Check it, or request a new one/);
    await browser.submit('/auth/code', {
      for: 'sign-in',
      email: ` ${to.toUpperCase()} `,
      code: `${code.slice(0, 3)} ${code.slice(3)}`,
    });
    assert.equal(await emailBehind(browser), to);
  });

  function withSettings(changed: typeof settings): typeof bot.send {
    return (method, path, request = {}, app) => {
      const original = bot.services.settings;
      Object.assign(bot.services, { settings: changed });
      return bot
        .send(method, path, request, app)
        .finally(() => Object.assign(bot.services, { settings: original }));
    };
  }
});

suite('a forgotten password', () => {
  for (const by of ['link', 'code'] as const) {
    test(`is set anew by ${by}, and signs every device out`, async () => {
      const { email } = await bot.register();
      const browser = createBrowser(bot);
      await browser.submit('/auth/sign-in', { email, password });
      const old = new Map(browser.cookies);
      assert.equal(locationOf(await browser.submit('/auth/forgot', { email })), '/auth/reset');
      const { token, code } = await lastEmail(bot, email, 'password-reset');
      if (by === 'link') {
        const form = await browser.submit('/auth/magic-link', { for: 'password-reset', token });
        assert.match(await form.text(), /autocomplete="new-password"/);
      }
      const verification: Record<string, string> =
        by === 'link' ? { token, username: email } : { email, code };
      const short = await browser.submit('/auth/reset', { ...verification, new_password: 'short' });
      assert.equal(short.status, 422);
      const text = await short.text();
      assert.ok(text.includes(by === 'link' ? `value="${token}"` : 'name="code"'), text);
      const common = await browser.submit('/auth/reset', { ...verification, new_password: 'iloveyou' });
      assert.equal(common.status, 422);
      assert.match(await common.text(), /id="new_password-error"><span>This password is too easy to guess/);
      const set = await browser.submit('/auth/reset', {
        ...verification,
        new_password: 'a brand new password',
      });
      assert.equal(locationOf(set), '/auth/sign-in?notice=password-reset');
      assert.deepEqual(
        [...browser.cookies.keys()].filter((name) => !/asked|device/.test(name)),
        [],
      );
      const refreshed = await bot.send('POST', '/v1/auth/refresh', {
        body: { refresh_token: old.get('__Host-session') },
      });
      assert.equal(refreshed.status, 401);
      await browser.submit('/auth/sign-in', { email, password: 'a brand new password' });
      assert.equal(await emailBehind(browser), email);
    });
  }
});

test('asking for emails is answered alike for known and unknown addresses', async () => {
  const email = 'known@example.com';
  await createBrowser(strict).submit('/auth/register', { email, password });
  for (const path of ['/auth/sign-in/link', '/auth/forgot', '/auth/verify']) {
    const answers = await Promise.all(
      [email, 'unknown@example.com'].map(async (address) => {
        const browser = createBrowser(strict);
        const response = await browser.submit(path, { email: address });
        const page = await readWhole(await browser.follow(response));
        return [response.status, response.headers.get('location'), page.replaceAll(address, '')];
      }),
    );
    assert.deepEqual(answers[0], answers[1], path);
  }
});

test('where sign-up is closed the page says so, and no link leads to it', async () => {
  const closed = await startBlockbot({ settings: { ...settings, signUpOpen: false } });
  const browser = createBrowser(closed);
  assert.match(await (await browser.get('/auth/register')).text(), /Sign-up is closed/);
  assert.doesNotMatch(await (await browser.get('/auth/sign-in')).text(), /\/auth\/register/);
  assert.equal((await browser.submit('/auth/register', { email: 'new@example.com', password })).status, 403);
});
