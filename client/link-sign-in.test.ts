/** A mailed link that ends at an app with a code, which the client exchanges. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appAddress, confirmLink, toCallback } from '../test/support/app-link.ts';
import { startBlockbot } from '../test/support/blockbot.ts';
import { serve } from '../test/support/served-blockbot.ts';
import { createClient } from './client.ts';
import { finishLinkSignIn, startLinkSignIn } from './link-sign-in.ts';
import { createMemoryStore } from './store.ts';

const bot = await startBlockbot();
const { url: baseUrl, asked } = await serve(bot);

function createApp() {
  const store = createMemoryStore();
  return { store, client: createClient({ baseUrl, store }) };
}

async function ask(email: string) {
  await bot.register({ email });
  const app = createApp();
  const answer = await startLinkSignIn(app, { email, redirectTo: appAddress });
  assert.equal(answer.status, 202, JSON.stringify(answer.error));
  return app;
}

test('the app that asked for a link is signed in by the code that it ends with, once', async () => {
  const email = 'link@example.com';
  const app = await ask(email);
  const { address } = toCallback(await confirmLink(bot, email));
  const answer = await finishLinkSignIn(app, address);
  assert.equal(answer?.status, 200, JSON.stringify(answer?.error));
  const me = await app.client.get('/v1/me');
  assert.equal(me.data?.user.email, email);
  asked.splice(0);
  assert.equal(await finishLinkSignIn(app, address), undefined);
  assert.deepEqual(asked, []);
  assert.match((await app.store.get('devices')) ?? '', /^\[\["link@example\.com","/);
});

test('an app that did not ask sends no code on, and neither does one that is opened without', async () => {
  const email = 'other@example.com';
  const app = await ask(email);
  const { address } = toCallback(await confirmLink(bot, email));
  asked.splice(0);
  assert.equal(await finishLinkSignIn(createApp(), address), undefined);
  assert.equal(await finishLinkSignIn(app, address.replace('state=', 'state=x')), undefined);
  assert.equal(await finishLinkSignIn(app, appAddress), undefined);
  assert.deepEqual(asked, []);
  assert.equal((await finishLinkSignIn(app, address))?.status, 200);
});
