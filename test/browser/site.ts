/** A Blockbot that browsers can open, and browsers to open it with. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { after } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { listen } from '../../hosts/node/server.ts';
import { createRouter } from '../../hosts/router.ts';
import type { Settings } from '../../lib/settings.ts';
import { functions, startBlockbot, type TestBlockbot } from '../blockbot.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Why there is no browser to test with, if there is none. */
export const missing = existsSync(executablePath)
  ? false
  : `there is no Chromium at ${executablePath}; name another in CHROMIUM_PATH, or apt-get install chromium`;

export interface Site {
  readonly bot: TestBlockbot;
  readonly url: string;
}

/** Closed by itself when the test file ends. */
export async function startSite(settings: Partial<Settings> = {}): Promise<Site> {
  const port = await findPort();
  const url = `http://localhost:${port}`;
  const bot = await startBlockbot({
    settings: {
      publicUrl: url,
      // Each browser says which address it comes from, as a proxy would.
      trustedProxies: { hops: 1 },
      corsOrigins: new Set(),
      requireEmailVerification: true,
      signUpOpen: true,
      redirectOrigins: new Set(),
      cronSecret: undefined,
      healthToken: undefined,
      ...settings,
    },
  });
  const server = await listen(createRouter(functions.values()), bot.services, { host: 'localhost', port });
  after(() => server.drain(0));
  return { bot, url };
}

/** The address of a site is part of its tokens and letters, so the port is chosen before it listens. */
async function findPort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export const viewports = {
  phone: { width: 360, height: 740 },
  desktop: { width: 1280, height: 800 },
} as const;

export interface Device {
  readonly viewport: keyof typeof viewports;
  readonly scripts: boolean;
  readonly colours?: 'light' | 'dark';
}

// At the top of the module: what is opened inside of a test is closed at the end of it.
const browser = missing ? undefined : await launch();

/** A browser with a profile of its own, at an address of its own. */
export async function openBrowser({ viewport, scripts, colours = 'light' }: Device): Promise<BrowserContext> {
  if (!browser) throw new Error('there is no browser');
  const context = await browser.newContext({
    viewport: viewports[viewport],
    javaScriptEnabled: scripts,
    colorScheme: colours,
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
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
}

export function press(page: Page, button: string): Promise<void> {
  return page.getByRole('button', { name: button, exact: true }).click();
}
