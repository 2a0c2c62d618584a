import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { toSettings } from '../../hosts/core/services.ts';
import { parseEnvironment } from '../../lib/core/env.ts';
import { EnvironmentError, text } from '../../lib/core/variables.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { bareSettings } from '../../test/support/settings.ts';
import show from './show.ts';

const bot = await startBlockbot();
const ask = (headers: Readonly<Record<string, string>> = {}, from = bot) =>
  from.send('GET', '/', { headers }, show);

test('home/show is JSON to programs: what this is, of the version in package.json, and where all else is', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const response = await ask({ Accept: '*/*' });
  assert.equal(response.headers.get('cache-control'), 'public, max-age=300, stale-while-revalidate=3600');
  assert.match(response.headers.get('vary') ?? '', /(?:^|, )Accept(?:,|$)/);
  const { links, ...rest } = await expectJson<{ links: Readonly<Record<string, string>> }>(response, 200);
  assert.deepEqual(rest, { name: 'Blockbot', version });
  assert.deepEqual(Object.keys(links), ['docs', 'openapi', 'health', 'issuer_metadata', 'jwks']);
  for (const [name, link] of Object.entries(links)) {
    assert.ok(link.startsWith('https://api.example.com/'), link);
    assert.equal((await bot.send('GET', new URL(link).pathname)).status, 200, name);
  }
});

test('home/show is a page to browsers, in the language that they ask for, and each of its links leads somewhere', async () => {
  for (const [language, title] of [
    ['en', 'Accounts and sign-in'],
    ['de', 'Konten und Anmeldung'],
  ] as const) {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const response = await ask({ Accept: accept, 'Accept-Language': language });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'public, max-age=300, stale-while-revalidate=3600');
    const vary = response.headers.get('vary')?.split(', ') ?? [];
    assert.deepEqual(
      ['Accept', 'Accept-Language'].filter((name) => !vary.includes(name)),
      [],
    );
    assert.doesNotMatch(response.headers.get('content-security-policy') ?? '', /script-src/);
    assert.ok(text.includes(`<html lang="${language}">`) && text.includes(`<h1>${title}</h1>`), text);
    for (const [, href = ''] of text.matchAll(/href="([^"]+)"/g)) {
      assert.equal((await bot.send('GET', href)).status, 200, href);
    }
  }
});

test('home/show goes by what is wanted more, and is JSON where both are wanted alike', async () => {
  for (const [accept, expected] of [
    ['text/html', 'text/html'],
    ['TEXT/HTML ; q=0.9, application/json;q=0.8', 'text/html'],
    ['text/*', 'text/html'],
    ['application/json;q=0, */*', 'text/html'],
    ['text/html;q=0.1, */*;q=0.2', 'application/json'],
    ['text/html, application/json', 'application/json'],
    ['text/html;q=none', 'application/json'],
    ['application/json', 'application/json'],
    ['image/png', 'application/json'],
    ['', 'application/json'],
  ] as const) {
    const response = await ask({ Accept: accept });
    assert.equal(response.headers.get('content-type')?.split(';')[0], expected, accept);
    assert.equal(response.status, 200);
  }
});

test('home/show offers no account where strangers get none', async () => {
  const closed = await startBlockbot({ settings: { ...bareSettings, signUpOpen: false } });
  const page = async (from: typeof bot) => (await ask({ Accept: 'text/html' }, from)).text();
  assert.match(await page(bot), /href="\/auth\/register"/);
  assert.doesNotMatch(await page(closed), /register/);
});

test('home/show is 404 where it is hidden, and leads on to a site of the operator', async () => {
  const hidden = await startBlockbot({ settings: { ...bareSettings, homePage: 'hide' } });
  for (const Accept of ['text/html', '*/*']) {
    const response = await ask({ Accept }, hidden);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    await expectProblem(response, 'not-found');
  }
  const site = 'https://www.example.com/product';
  const elsewhere = await startBlockbot({ settings: { ...bareSettings, homePage: site } });
  const response = await ask({}, elsewhere);
  assert.equal(response.headers.get('location'), site);
  await expectEmpty(response, 302);
});

test('home/show is there unless told in development, and not in production, and never leads to itself', () => {
  const read = (variables: Readonly<Record<string, string>>) =>
    toSettings(parseEnvironment({ ...variables }, { readFile: () => '', databaseUrl: text, required: [] }))
      .homePage;
  const production = { NODE_ENV: 'production', REDIS_URL: 'redis://redis', TRUSTED_PROXY_HOPS: '0' };
  assert.equal(read({}), 'show');
  assert.equal(read({ NODE_ENV: 'test' }), 'show');
  assert.equal(read(production), 'hide');
  assert.equal(read({ ...production, HOME_PAGE: 'show' }), 'show');
  assert.equal(read({ HOME_PAGE: 'hide' }), 'hide');
  const itself = { PUBLIC_URL: 'https://api.example.com', HOME_PAGE: 'https://api.example.com/' };
  assert.throws(() => read(itself), EnvironmentError);
  assert.equal(
    read({ ...itself, HOME_PAGE: 'https://api.example.com/docs' }),
    'https://api.example.com/docs',
  );
});
