/** The contract of every page: HTML whatever happens, a strict policy, forms from our own pages only. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expectProblem } from '../support/responses.ts';
import { publicUrl, startBlockbot } from '../support/blockbot.ts';
import { createBrowser, formHeaders } from '../support/browser.ts';
import { type Endpoint, pages } from '../../contract/endpoints.ts';
import { callAlone } from './call-alone.ts';

const bot = await startBlockbot();
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const hostile = '"><img src=x onerror=alert(1)></title><script>alert(1)</script>';

for (const page of pages) {
  suite(`${page.method} ${page.path}`, () => {
    const answers = page.method === 'GET' ? ['GET', 'HEAD'] : [page.method];
    const fields = page.soundBody as Readonly<Record<string, string>> | undefined;

    for (const method of methods.filter((candidate) => !answers.includes(candidate))) {
      test(`refuses ${method} and says which methods it answers to`, async () => {
        const response = await bot.send(method, page.path, {}, page.app);
        await expectProblem(response, 'method-not-allowed');
        assert.equal(response.headers.get('allow'), answers.join(', '));
      });
    }

    test('answers over its limit with a page, 429 and Retry-After', async () => {
      const byAddress = page.policies.filter(({ keyedBy }) => keyedBy === 'address' || keyedBy === 'caller');
      const [policy] = byAddress.toSorted((a, b) => a.limit - b.limit);
      assert.ok(policy);
      const address = '198.51.100.4';
      for (const one of byAddress) await bot.services.rateLimits.reset(one, `address:${address}`);
      // Without a field every form fails, and what fails counts against all of them.
      const ask = () => callAlone(bot, page, toRequest(page, fields && {}, { address }));
      for (let i = 0; i < policy.limit; i++) {
        assert.match((await ask()).headers.get('ratelimit') ?? '', /^"[a-z-]+";r=\d+;t=\d+/);
      }
      const refused = await ask();
      assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
      assert.match(await expectPage(refused, 429), /Try again in \d+ (?:second|minute|hour)/);
    });

    if (page.method === 'GET') {
      test('answers HEAD as GET, without the body', async () => {
        const head = await bot.send('HEAD', page.path, {}, page.app);
        const get = await bot.send('GET', page.path, {}, page.app);
        assert.equal(await head.text(), '');
        assert.equal(head.status, get.status);
        assert.equal(head.headers.get('location'), get.headers.get('location'));
      });
      return;
    }

    assert.ok(fields, `contract/samples.ts has no form for ${page.name}`);

    test('takes no form of another site, and looks at nothing first', async () => {
      const origins: Readonly<Record<string, string>>[] = [
        { 'Sec-Fetch-Site': 'cross-site', Origin: publicUrl },
        { 'Sec-Fetch-Site': 'same-site', Origin: publicUrl },
        { 'Sec-Fetch-Site': 'same-origin, cross-site' },
        { Origin: 'https://evil.example' },
        { Origin: `${publicUrl}.evil.example` },
        { Origin: 'null' },
        {},
      ];
      bot.countStatements();
      for (const headers of origins) {
        const response = await bot.send(
          'POST',
          page.path,
          {
            body: new URLSearchParams(fields).toString(),
            headers: { 'Content-Type': formHeaders['Content-Type'], ...headers },
          },
          page.app,
        );
        assert.match(await expectPage(response, 403), /sent from another site/, JSON.stringify(headers));
        assert.deepEqual(response.headers.getSetCookie(), []);
      }
      assert.equal(bot.countStatements(), 0);
    });

    test('leads from a form that was not even looked at to a page that opens', async () => {
      const body = new URLSearchParams(fields).toString();
      const headers = { ...formHeaders, 'Sec-Fetch-Site': 'cross-site' };
      const response = await bot.send('POST', page.path, { body, headers }, page.app);
      const [, path = ''] = /class="button" href="([^"]+)"/.exec(await response.text()) ?? [];
      const opened = await bot.send('GET', path);
      assert.ok(opened.status < 400, `${path}: ${opened.status}`);
    });

    test('takes a form of ours from a browser that sends the Origin only', async () => {
      const headers = { 'Content-Type': formHeaders['Content-Type'], Origin: publicUrl };
      const body = new URLSearchParams(fields).toString();
      const response = await bot.send('POST', page.path, { body, headers }, page.app);
      assert.notEqual(response.status, 403);
    });

    test('answers what is no form of ours with a page that says so', async () => {
      const send = (body: string | Uint8Array, type: string = formHeaders['Content-Type']) =>
        bot.send('POST', page.path, { body, headers: { ...formHeaders, 'Content-Type': type } }, page.app);
      // An endpoint of signed-in people says first that this is none of them.
      if (page.needsBrowserUser) return;
      await expectPage(await send('{}', 'application/json'), 415);
      await expectPage(await send('a=b', 'multipart/form-data; boundary=x'), 415);
      await expectPage(await send('x'.repeat(65_537)), 413);
      await expectPage(await send(new Uint8Array([0x61, 0x3d, 0xff])), 400);
    });

    test('shows hostile text as text, in every field', async () => {
      for (const name of [...Object.keys(fields), 'to', 'username', 'surplus']) {
        const response = await callAlone(bot, page, toRequest(page, { ...fields, [name]: hostile }));
        const text = await response.text();
        assert.ok(response.status < 500, text);
        assert.ok(!text.includes('<img'), text);
        assert.ok(!text.includes('<script>alert'), text);
      }
    });

    test('takes NUL, lone surrogates and percent signs for what they are', async () => {
      for (const [name, text] of Object.keys(fields).flatMap((field) => [
        [field, '%00'],
        [field, '%ED%A0%80'],
        [field, '%'],
        [field, '%FF%FE'],
      ]) as [string, string][]) {
        const others = new URLSearchParams({ ...fields });
        others.delete(name);
        const body = `${others.toString()}&${name}=${text}`;
        const response = await bot.send('POST', page.path, { body, headers: formHeaders }, page.app);
        assert.ok(response.status < 500, `${name}=${text}: ${response.status}`);
      }
    });
  });
}

test('a page that needs a signed-in browser sends strangers to sign in, and back', async () => {
  for (const page of pages.filter(({ needsBrowserUser }) => needsBrowserUser)) {
    const response = await callAlone(bot, page, toRequest(page, page.soundBody as Record<string, string>));
    assert.equal(response.status, 303, page.name);
    const back = page.method === 'GET' ? `?to=${encodeURIComponent(page.path)}` : '';
    assert.equal(response.headers.get('location'), `/auth/sign-in${back}`);
  }
});

test('every page that anybody may open is a page', async () => {
  const browser = createBrowser(bot);
  for (const page of pages.filter(({ method, needsBrowserUser }) => method === 'GET' && !needsBrowserUser)) {
    const path = page.path === '/auth/magic-link' ? `${page.path}?for=sign-in` : page.path;
    const text = await expectPage(await browser.get(path), 200);
    assert.match(text, /<html lang="en">/);
    assert.equal(text.match(/<h1>/g)?.length, 1);
  }
});

function toRequest(page: Endpoint, fields: Readonly<Record<string, string>> | undefined, rest: object = {}) {
  if (page.method === 'GET') return rest;
  return { body: new URLSearchParams(fields).toString(), headers: formHeaders, ...rest };
}

async function expectPage(response: Response, status: number): Promise<string> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('referrer-policy'), 'same-origin');
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.doesNotMatch(policy, /unsafe-|\*|data:/);
  for (const directive of [
    "default-src 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]) {
    assert.ok(policy.includes(directive), policy);
  }
  assert.doesNotMatch(text, / style=| on[a-z]+="|javascript:/);
  return text;
}
