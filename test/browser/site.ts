/** A Blockbot that browsers can open, and browsers to open it with. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { after } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { listen } from '../../hosts/node/server.ts';
import { createRouter } from '../../hosts/core/router.ts';
import type { Settings } from '../../lib/core/settings.ts';
import { functions, startBlockbot, type TestBlockbot } from '../support/blockbot.ts';
import { makeCertificate } from '../support/certificate.ts';
import { bareSettings } from '../support/settings.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Why there is no browser to test with, if there is none. */
export const missing = existsSync(executablePath)
  ? false
  : `there is no Chromium at ${executablePath}; name another in CHROMIUM_PATH, or apt-get install chromium`;

export interface Site {
  readonly bot: TestBlockbot;
  readonly url: string;
}

/** Over https as behind a proxy that ends TLS. Closed by itself when the test file ends. */
export async function startSite(
  settings: Partial<Settings> = {},
  scheme: 'http' | 'https' = 'http',
): Promise<Site> {
  const port = await findPort();
  const url = `${scheme}://localhost:${port}`;
  const bot = await startBlockbot({
    settings: {
      ...bareSettings,
      publicUrl: url,
      // Each browser says which address it comes from, as a proxy would.
      trustedProxies: { hops: 1 },
      requireEmailVerification: true,
      ...settings,
    },
  });
  const server = await listen(createRouter(functions.values()), bot.services, {
    host: 'localhost',
    port: scheme === 'http' ? port : 0,
  });
  after(() => server.drain(0));
  if (scheme === 'https') await endTls(port, server.address.port);
  return { bot, url };
}

async function endTls(port: number, inner: number): Promise<void> {
  const server = createTlsServer(await makeCertificate('localhost'), (near) => {
    const far = connect(inner, 'localhost');
    pipeline(near, far, near, () => undefined);
  });
  server.listen(port, 'localhost');
  await once(server, 'listening');
  after(() => server.close());
}

/** The address of a site is part of its tokens and emails, so the port is chosen before it listens. */
async function findPort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export const viewports = {
  /** The narrowest that pages have to fit (WCAG 2.2, 1.4.10). */
  narrow: { width: 320, height: 568 },
  phone: { width: 360, height: 740 },
  desktop: { width: 1280, height: 800 },
} as const;

export interface Device {
  readonly viewport: keyof typeof viewports;
  readonly scripts: boolean;
  readonly colours?: 'light' | 'dark';
  readonly language?: string;
}

// At the top of the module: what is opened inside of a test is closed at the end of it.
const browser = missing ? undefined : await launch();

/** A browser with a profile of its own, at an address of its own. */
export async function openBrowser(device: Device): Promise<BrowserContext> {
  const { viewport, scripts, colours = 'light', language = 'en-US' } = device;
  if (!browser) throw new Error('there is no browser');
  const context = await browser.newContext({
    viewport: viewports[viewport],
    javaScriptEnabled: scripts,
    colorScheme: colours,
    locale: language,
    ignoreHTTPSErrors: true,
    extraHTTPHeaders: { 'X-Forwarded-For': nextAddress() },
  });
  context.setDefaultTimeout(10_000);
  after(() => context.close());
  return context;
}

async function launch(): Promise<Browser> {
  const launched = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
  after(() => launched.close());
  return launched;
}

let addresses = 0;
const nextAddress = () => `198.51.100.${(addresses++ % 250) + 1}`;

/** Fills in a form by its labels, as a person reads them. */
export async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  // A box that shows a password has the word in its label, too.
  const typed = page.locator('input:not([type=checkbox])');
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).and(typed).fill(value);
}

/** Types into the field that the page has put the cursor in, which a browser may do only after the page has loaded. */
export async function type(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type(text);
}

export function press(page: Page, button: string): Promise<void> {
  return page.getByRole('button', { name: button, exact: true }).click();
}

/** Who a browser is signed in as, by what the API says of the token that it holds. */
export async function emailBehind(context: BrowserContext, { bot }: Site): Promise<string | undefined> {
  const access = (await context.cookies()).find(({ name }) => name === 'access' || name === '__Host-access');
  if (!access) return undefined;
  const response = await bot.send('GET', '/v1/me', { token: access.value });
  return ((await response.json()) as { user: { email: string } }).user.email;
}
