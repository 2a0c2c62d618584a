/** What an app may ask along with an email, and where the link may lead. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { confirmLink, createPkce, exchange, toAppFields, toCallback } from '../../test/support/app-link.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { bareSettings } from '../../test/support/settings.ts';

const listed = [
  'https://app.example.com',
  'https://other.example.com',
  'com.example.app:',
  'http://127.0.0.1',
];
const settings = { ...bareSettings, redirectOrigins: new Set(listed) };
const bot = await startBlockbot({ settings });
const bare = await startBlockbot();

const password = 'correct horse battery staple';
let people = 0;
const newAddress = () => `linked-${++people}@example.com`;
const ask = (email: string, fields: object, at = bot, path = '/v1/auth/magic-link') =>
  at.send('POST', path, { body: { email, ...fields } });

async function blamed(response: Response) {
  return (await expectProblem(response, 'invalid-input')).errors?.map(({ pointer }) => pointer);
}

suite('an app may ask', () => {
  const pkce = createPkce();

  test('for its own address alone, without anything that could be read in another way', async () => {
    for (const address of [
      'https://evil.example/in',
      'https://app.example.com.evil.example/in',
      'https://app.example.com:8443/in',
      'http://app.example.com/in',
      'https://ada@app.example.com/in',
      'https://:secret@app.example.com/in',
      'https://app.example.com@evil.example/in',
      'https://app.example.com\\@evil.example/in',
      'https:\\\\app.example.com/in',
      'https://app.example.com/in\u0000',
      'https://app.example.com/in\n',
      'https://app.example.com/i n',
      'https://app.example.com/ü',
      'https://app.example.com/in#there',
      'https://app.example.com/in#',
      'https://app.example.com/in?code=mine',
      'https://app.example.com/in?a=1&state=mine',
      'https://app.example.com/in?iss=https%3A%2F%2Fevil.example',
      'javascript:alert(1)',
      'data:text/html,in',
      'blob:https://app.example.com/in',
      'file:///in',
      '/in',
      '//app.example.com/in',
      'com.example.other:/in',
      'com.example.app.evil:/in',
      'http://127.0.0.2:8400/in',
      'https://127.0.0.1:8400/in',
      'http://localhost:8400/in',
    ]) {
      const fields = toAppFields(pkce, { redirect_to: address });
      assert.deepEqual(await blamed(await ask(newAddress(), fields)), ['#/redirect_to'], address);
    }
  });

  test('for schemes and loopback addresses only where the operator has listed them', async () => {
    for (const address of ['com.example.app:/in', 'http://127.0.0.1:49152/in', 'http://127.0.0.1/in']) {
      const fields = toAppFields(pkce, { redirect_to: address });
      assert.deepEqual(await blamed(await ask(newAddress(), fields, bare)), ['#/redirect_to'], address);
      const email = newAddress();
      await expectJson(await ask(email, fields), 202);
      const { code, address: reached } = toCallback(
        await confirmLink(bot, email, { template: 'sign-up', purpose: 'sign-in' }),
      );
      assert.ok(reached.startsWith(`${address}?code=`), reached);
      await expectJson(await exchange(bot, code, pkce, { redirect_uri: address }), 200);
    }
    // A browser that is signed in by then goes nowhere but to the web.
    for (const redirect_to of ['com.example.app:/in', 'http://127.0.0.1:49152/in']) {
      assert.deepEqual(await blamed(await ask(newAddress(), { redirect_to })), ['#/redirect_to']);
    }
  });

  test('with S256, a challenge of 32 bytes and a state of ASCII', async () => {
    const { challenge } = pkce;
    for (const [field, value] of [
      ['code_challenge', challenge.slice(1)],
      ['code_challenge', `${challenge}=`],
      ['code_challenge', `${challenge.slice(0, 42)}B`],
      ['code_challenge', `+${challenge.slice(1)}`],
      ['code_challenge_method', 'plain'],
      ['code_challenge_method', 's256'],
      ['state', ''],
      ['state', 'line\nend'],
      ['state', 'ü'],
      ['state', 'x'.repeat(513)],
    ] as const) {
      const fields = toAppFields(pkce, { [field]: value });
      assert.deepEqual(await blamed(await ask(newAddress(), fields)), [`#/${field}`], `${field} ${value}`);
    }
  });

  test('for nothing by halves', async () => {
    const { redirect_to, code_challenge, code_challenge_method, state } = toAppFields(pkce);
    const email = newAddress();
    assert.deepEqual(await blamed(await ask(email, { code_challenge, state })), ['#/redirect_to']);
    for (const fields of [{ state }, { code_challenge_method }]) {
      assert.deepEqual(await blamed(await ask(email, { redirect_to, ...fields })), ['#/code_challenge']);
    }
    await expectJson(await ask(email, { redirect_to }), 202);
    for (const path of ['/v1/auth/email/resend', '/v1/auth/password/forgot', '/v1/auth/register']) {
      const more = path.endsWith('register') ? { password } : {};
      const response = await ask(email, { redirect_to, ...more }, bot, path);
      assert.deepEqual(await blamed(response), ['#/code_challenge'], path);
    }
  });
});
