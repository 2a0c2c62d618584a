/** The client in every runtime that it is for: the same story, told by each. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { missing, openBrowser } from '../browser/site.ts';
import { startBlockbot } from '../support/blockbot.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { makeOrganization } from '../support/organizations.ts';
import { bareSettings } from '../support/settings.ts';
import { holdBack, serve } from '../support/served-blockbot.ts';
import { createSignal } from '../support/signal.ts';
import { startPages } from '../support/static-pages.ts';
import { executableOf, withoutRuntime } from './executables.ts';
import { startWorkers } from './runtime.ts';

const pages = await startPages('<!doctype html><title>An app of somebody else</title>');
const bot = await startBlockbot({ settings: { ...bareSettings, corsOrigins: new Set([pages.origin]) } });
const served = await serve(bot);
const folder = await makeTemporaryFolder();

const expected = [
  'signed-in',
  'registered 201',
  'is true',
  'refreshed 200 200 200',
  'aborted: enough',
  'signed-out',
  'left 204',
  'refused: authentication-required',
  'signed-in',
  'back 200',
  'away: network-error',
];

/** A browser that says nothing of itself but what a browser says: CORS lets no other header through. */
async function openContext() {
  const context = await openBrowser({ viewport: 'desktop', scripts: true });
  await context.setExtraHTTPHeaders({});
  return context;
}

/** The story in one file, which ends with these lines. */
async function bundle(name: string, lines: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  const contents = `import { end, runStory } from './client-story.ts';
import { createClient } from '../../client/client.ts';
import { createWebStore } from '../../client/web-store.ts';
${lines}`;
  const stdin = { contents, resolveDir: 'test/platforms', loader: 'ts' as const };
  await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'neutral' });
  return outfile;
}

const tell = (name: string) => `runStory('${served.url}', '${name}@example.com')`;

const commands = {
  node: (file: string) => [process.execPath, [file]] as const,
  bun: (file: string) => [executableOf('bun'), [file]] as const,
  deno: (file: string) => [executableOf('deno'), ['run', '--no-config', '--allow-net', file]] as const,
};

for (const [name, toCommand] of Object.entries(commands)) {
  test(
    `the client registers, refreshes and signs out in ${name}`,
    { skip: withoutRuntime(name) },
    async () => {
      const file = await bundle(name, `console.log(JSON.stringify(await ${tell(name)}));`);
      const [command, args] = toCommand(file);
      const { stdout } = await promisify(execFile)(command, args);
      assert.deepEqual(JSON.parse(stdout), expected);
    },
  );
}

test(
  'the client registers, refreshes and signs out in workerd',
  { skip: withoutRuntime('cloudflare') },
  async () => {
    const file = await bundle(
      'workerd',
      `export default { fetch: async () => Response.json(await ${tell('workerd')}) };`,
    );
    const { ports, close } = await startWorkers(folder, [{ name: 'worker', file }], {});
    after(close);
    const response = await fetch(`http://127.0.0.1:${ports.get('worker') ?? 1}`);
    assert.deepEqual(await response.json(), expected);
  },
);

test(
  'the client registers, refreshes and signs out in Chromium, on a page of another origin',
  { skip: missing },
  async () => {
    pages.scripts.set('/story.js', await bundle('chromium', `globalThis.story = () => ${tell('chromium')};`));
    const page = await (await openContext()).newPage();
    await page.goto(pages.origin);
    assert.deepEqual(await page.evaluate("import('/story.js').then(() => story())"), expected);
  },
);

const tabScript = `
const store = createWebStore(localStorage);
const client = createClient({ baseUrl: '${served.url}', store });
globalThis.tab = { client, changes: [], end: () => end(store) };
client.onSessionChange((change) => tab.changes.push(change));`;

async function openTabs() {
  pages.scripts.set('/tab.js', await bundle('tab', tabScript));
  const context = await openContext();
  const tabs = [await context.newPage(), await context.newPage()] as const;
  for (const tab of tabs) {
    await tab.goto(pages.origin);
    await tab.evaluate("import('/tab.js')");
  }
  return tabs;
}

const register = (email: string) =>
  `tab.client.post('/v1/auth/register', { body: { email: '${email}', password: 'correct horse battery staple' } })`;
const readMe = "tab.client.get('/v1/me').then(({ data, error }) => data?.user.email ?? error.slug)";

test('of two tabs that refresh at once one asks, and both go on', { skip: missing }, async () => {
  const [first, second] = await openTabs();
  await first.evaluate(register('tabs@example.com'));
  await second.waitForFunction("tab.changes.includes('signed-in')");
  for (let round = 1; round <= 3; round++) {
    await first.evaluate('tab.end()');
    await second.waitForFunction("JSON.parse(localStorage.getItem('blockbot:session')).expiresAt === 0");
    served.asked.splice(0);
    const waits = createSignal();
    served.answer = ({ url }) => (url.endsWith('/refresh') ? waits.given : undefined);
    const read = `Promise.all(Array.from({ length: 5 }, () => ${readMe}))`;
    const reading = [first.evaluate(read), second.evaluate(read)];
    await second.waitForFunction('navigator.locks.query().then(({ pending }) => pending.length === 1)');
    waits.give();
    const answers = await Promise.all(reading);
    served.answer = undefined;
    assert.deepEqual(answers.flat(), Array<string>(10).fill('tabs@example.com'));
    assert.equal(served.asked.filter((request) => request === 'POST /v1/auth/refresh').length, 1);
  }
  const [row] = await bot.database.sql<{ counter: number }>`
    select counter from refresh_tokens join users on users.id = user_id where email = 'tabs@example.com'`;
  assert.deepEqual(row, { counter: 3 });
  await second.evaluate('tab.client.signOut()');
  await first.waitForFunction("tab.changes.includes('signed-out')");
  assert.deepEqual(await first.evaluate('tab.changes'), ['signed-in', 'signed-out']);
  assert.equal(await first.evaluate(readMe), 'authentication-required');
});

test(
  'a tab that switches to another organization waits for the refresh of another tab, and both go on in it',
  { skip: missing },
  async () => {
    const { id, people } = await makeOrganization(bot, ['owner', 'member']);
    const [refreshing, switching] = await openTabs();
    const { email, password } = people[1] ?? {};
    const signIn = JSON.stringify({ body: { email, password } });
    await switching.evaluate(`tab.client.post('/v1/auth/login', ${signIn})`);
    await refreshing.waitForFunction("tab.changes.includes('signed-in')");
    const refresh = holdBack(served, '/refresh');
    const kept = await switching.evaluate("localStorage.getItem('blockbot:session')");
    await refreshing.evaluate('tab.end()');
    const reading = refreshing.evaluate(readMe);
    await refresh.answered;
    // This tab's clock says that the token is good yet.
    await switching.evaluate(`localStorage.setItem('blockbot:session', ${JSON.stringify(kept)})`);
    const body = JSON.stringify({ body: { organization_id: id } });
    const switched = switching.evaluate(`tab.client.post('/v1/sessions/current/organization', ${body})`);
    await switching.waitForFunction('navigator.locks.query().then(({ pending }) => pending.length === 1)');
    refresh.handOut();
    await Promise.all([reading, switched]);
    const token = await switching.evaluate('tab.client.accessToken()');
    await refreshing.waitForFunction(
      `tab.client.accessToken().then((token) => token === '${String(token)}')`,
    );
    assert.equal((await bot.services.keys.verify(String(token))).org, id);
  },
);

test(
  'a tab that is frozen in the middle of a refresh stops no other for long',
  { skip: missing },
  async () => {
    const [frozen, other] = await openTabs();
    await other.evaluate(register('frozen@example.com'));
    await frozen.evaluate(
      "new Promise((held) => void navigator.locks.request('blockbot', () => { held(); return new Promise(() => {}); }))",
    );
    await other.evaluate('tab.end()');
    assert.equal(await other.evaluate(readMe), 'frozen@example.com');
  },
);
