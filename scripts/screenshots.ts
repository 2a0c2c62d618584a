/**
 * Pictures of every page and some emails, for the eye: on a phone and a desktop, light and dark. Long because each picture
 * starts where the one before it ended.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { readCommandLine } from '../lib/core/command-line.ts';

const usage = `Usage: npm run screenshots [-- --out FOLDER]

Starts a Blockbot of its own, goes through its pages with Chromium, and writes a PNG of each, and of some
emails, to FOLDER.

  --out           FOLDER; docs/screenshots unless told
  CHROMIUM_PATH   the browser; /usr/bin/chromium without it

Exit codes: 0 written, 1 Chromium is missing or a page was not as expected, 2 wrong usage.
`;

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const viewports = { phone: { width: 360, height: 740 }, desktop: { width: 1024, height: 720 } } as const;
const password = 'correct horse battery staple';

interface MailboxEmail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Shoot {
  readonly page: Page;
  readonly url: string;
  readonly email: string;
  /** Of the whole page unless told. */
  readonly shot: (name: string, fullPage?: boolean) => Promise<void>;
  /** The newest email to the address whose subject has this in it. */
  readonly newest: (subject: string) => Promise<MailboxEmail>;
}

async function main(): Promise<number> {
  const options = { out: { type: 'string', default: 'docs/screenshots' } } as const;
  const { out } = readCommandLine(usage, { options }).values;
  if (!existsSync(executablePath)) {
    process.stderr.write(`There is no Chromium at ${executablePath}; name another in CHROMIUM_PATH\n`);
    return 1;
  }
  await mkdir(join(out, 'emails'), { recursive: true });
  const dataDir = await mkdtemp(join(tmpdir(), 'blockbot-screenshots-'));
  const blockbot = await startBlockbot(dataDir);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const viewport of ['phone', 'desktop'] as const) {
      for (const colours of ['light', 'dark'] as const) {
        await shootAll(browser, { url: blockbot.url, out, viewport, colours });
      }
    }
  } finally {
    await browser.close();
    await blockbot.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
  return 0;
}

interface Setting {
  readonly url: string;
  readonly out: string;
  readonly viewport: keyof typeof viewports;
  readonly colours: 'light' | 'dark';
}

let addresses = 0;

async function shootAll(browser: Browser, { url, out, viewport, colours }: Setting): Promise<void> {
  const context = await browser.newContext({ viewport: viewports[viewport], colorScheme: colours });
  const page = await context.newPage();
  const email = `ada-${viewport}-${colours}@example.com`;
  const shoot: Shoot = {
    page,
    url,
    email,
    shot: async (name, fullPage = true) => {
      const path = join(out, `${name}-${viewport}-${colours}.png`);
      await page.screenshot({ path, fullPage, animations: 'disabled', caret: 'hide' });
      console.log(path);
    },
    newest: (subject) => newestEmail(url, email, subject),
  };
  for (const part of [shootSignIn, shootLinks, shootReset, shootEmails, shootAccount, shootDocs]) {
    // Each from an address of its own, as a proxy would tell: ten tries at a time is what one address has.
    await context.setExtraHTTPHeaders({ 'X-Forwarded-For': `198.51.100.${++addresses}` });
    await part(shoot);
  }
  await context.close();
}

async function shootSignIn({ page, url, email, shot }: Shoot): Promise<void> {
  await page.goto(`${url}/auth/sign-in`);
  await shot('sign-in');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill('not the password');
  await press(page, 'Sign in');
  await shot('sign-in-refused');
  await page.goto(`${url}/auth/register`);
  await shot('register');
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('Email address').fill('ada@lovelace');
  await page.getByLabel('Password').fill('twelve chars');
  await press(page, 'Create account');
  await shot('register-refused');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(password);
  await press(page, 'Create account');
  await page.goto(`${url}/auth/verify`);
  await shot('verify');
}

async function shootLinks({ page, url, email, shot, newest }: Shoot): Promise<void> {
  const context = page.context();
  await page.goto(`${url}/auth/code?for=sign-in`);
  await context.clearCookies();
  await page.reload();
  await shot('code');
  await page.goto(`${url}/auth/sign-in/link`);
  await shot('sign-in-link');
  await page.getByLabel('Email address').fill(email);
  await press(page, 'Email me a sign-in link');
  await shot('check-mail');
  const link = `${url}/auth/magic-link?for=sign-in`;
  const opened = `${link}#${tokenIn(await newest('Sign in to'))}`;
  await context.clearCookies();
  await page.goto(link);
  await shot('link-without-scripts');
  await page.goto(opened);
  await shot('link');
  await press(page, 'Sign in');
  await shot('link-elsewhere');
  await press(page, 'Sign in here');
  await page.waitForURL(`${url}/account`);
  await page.goto(opened);
  await press(page, 'Sign in');
  await shot('link-used');
  await context.clearCookies();
}

async function shootReset({ page, url, email, shot, newest }: Shoot): Promise<void> {
  await page.goto(`${url}/auth/forgot`);
  await shot('forgot');
  await page.getByLabel('Email address').fill(email);
  await press(page, 'Email me a reset link');
  await shot('reset-by-code');
  const token = tokenIn(await newest('Reset'));
  await page.goto(`${url}/auth/magic-link?for=password-reset#${token}`);
  await press(page, 'Continue');
  await shot('reset');
  await page.getByLabel('New password').fill(password);
  await press(page, 'Set new password');
  await shot('reset-done');
}

/** What is mailed on the way through the pages above. */
async function shootEmails({ page, shot, newest }: Shoot): Promise<void> {
  for (const [name, subject] of [
    ['sign-in', 'Sign in to'],
    ['password-reset', 'Reset'],
    ['password-changed', 'password was changed'],
  ] as const) {
    // An empty page has no Content-Security-Policy that would forbid the email's styles.
    await page.goto('about:blank');
    await page.setContent((await newest(subject)).html);
    await shot(`emails/${name}`);
  }
}

async function shootAccount({ page, url, email, shot }: Shoot): Promise<void> {
  await signIn(await page.context().newPage(), url, email);
  await page.context().clearCookies();
  await signIn(page, url, email);
  await shot('account');
  for (const part of ['name', 'password', 'email', 'delete']) {
    await page.goto(`${url}/account/${part}`);
    await shot(`account-${part}`);
  }
  await page.getByLabel('Your password').fill('not the password');
  await press(page, 'Delete my account');
  await shot('account-delete-refused');
}

/** Of the whole the top and one route: all of it is twenty screens long. */
async function shootDocs({ page, url, shot }: Shoot): Promise<void> {
  await page.goto(`${url}/docs`);
  await shot('docs', false);
  await page.goto(`${url}/docs#sessionsRefresh`);
  await shot('docs-route', false);
}

async function signIn(page: Page, url: string, email: string): Promise<void> {
  await page.goto(`${url}/auth/sign-in`);
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(password);
  await press(page, 'Sign in');
  await page.waitForURL(`${url}/account`);
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

const tokenIn = ({ text }: MailboxEmail) => text.match(/#([\w-]{43})/)?.[1];

/** Emails are sent behind the response's back: it may take a moment until one is there. */
async function newestEmail(url: string, email: string, part: string): Promise<MailboxEmail> {
  for (let tries = 0; tries < 100; tries++) {
    const response = await fetch(`${url}/dev/mailbox`, { headers: { Accept: 'application/json' } });
    const emails = (await response.json()) as readonly MailboxEmail[];
    const found = emails.find(({ to, subject }) => to === email && subject.includes(part));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no email came to ${email} whose subject has "${part}"`);
}

/** The sources as they are, with a database of their own and nothing of the caller's environment. */
async function startBlockbot(dataDir: string) {
  const port = await findPort();
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, ['--import', 'tsx', 'hosts/node/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: String(port),
      DRAIN_DELAY_MS: '0',
      LOG_LEVEL: 'warn',
      TRUSTED_PROXY_HOPS: '1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  const hasEnded = exited.then(() => true);
  while (!(await isUp(url))) {
    if (await Promise.race([hasEnded, new Promise<false>((resolve) => setTimeout(resolve, 100, false))])) {
      throw new Error('Blockbot did not start');
    }
  }
  return { url, stop };
}

const isUp = (url: string) =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

process.exitCode = await main();
