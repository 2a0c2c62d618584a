/**
 * Pictures of every page and some emails, for the eye: on a phone and a desktop, light and dark, in every language.
 * Long because each picture starts where the one before it ended.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Language, languages } from '../db/languages.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import { mailCopy } from '../lib/mail/copy.ts';
import * as de from '../lib/pages/copy/de.ts';
import * as en from '../lib/pages/copy/en.ts';

const usage = `Usage: npm run screenshots [-- --out FOLDER]

Starts a Blockbot of its own, goes through its pages with Chromium, and writes a PNG of each, and of some
emails, to FOLDER; in each language but English to a folder of its own in it.

  --out           FOLDER; docs/screenshots unless told
  CHROMIUM_PATH   the browser; /usr/bin/chromium without it

Exit codes: 0 written, 1 Chromium is missing or a page was not as expected, 2 wrong usage.
`;

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const viewports = { phone: { width: 360, height: 740 }, desktop: { width: 1024, height: 720 } } as const;
const password = 'correct horse battery staple';

/** What pages are looked through by. */
const pageCopy = { en, de } satisfies Record<Language, typeof en>;

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
  readonly language: Language;
  readonly copy: typeof en;
  /** Of the whole page unless told. */
  readonly shot: (name: string, fullPage?: boolean) => Promise<void>;
  /** The newest email of the kind. */
  readonly newest: (template: keyof typeof mailCopy.en.emails) => Promise<MailboxEmail>;
}

async function main(): Promise<number> {
  const options = { out: { type: 'string', default: 'docs/screenshots' } } as const;
  const { out } = readCommandLine(usage, { options }).values;
  if (!existsSync(executablePath)) {
    process.stderr.write(`There is no Chromium at ${executablePath}; name another in CHROMIUM_PATH\n`);
    return 1;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'blockbot-screenshots-'));
  const blockbot = await startBlockbot(dataDir);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const language of languages) {
      const folder = language === 'en' ? out : join(out, language);
      await mkdir(join(folder, 'emails'), { recursive: true });
      for (const viewport of ['phone', 'desktop'] as const) {
        // Colours are the same in every language.
        for (const colours of language === 'en' ? (['light', 'dark'] as const) : (['light'] as const)) {
          await shootAll(browser, { url: blockbot.url, out: folder, viewport, colours, language });
        }
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
  readonly language: Language;
}

let addresses = 0;

async function shootAll(browser: Browser, setting: Setting): Promise<void> {
  const { url, out, viewport, colours, language } = setting;
  const context = await browser.newContext({
    viewport: viewports[viewport],
    colorScheme: colours,
    locale: language,
  });
  const page = await context.newPage();
  const email = `ada-${language}-${viewport}-${colours}@example.com`;
  const shoot: Shoot = {
    page,
    url,
    email,
    language,
    copy: pageCopy[language],
    shot: async (name, fullPage = true) => {
      const path = join(out, `${name}-${viewport}-${colours}.png`);
      // What Playwright hides a caret by is a style that the pages' Content-Security-Policy forbids.
      await page.evaluate(`document.documentElement.style.caretColor = 'transparent'`);
      await page.screenshot({ path, fullPage, animations: 'disabled' });
      console.log(path);
    },
    newest: (template) => newestEmail(url, email, mailCopy[language].emails[template].subject),
  };
  const parts = [
    shootSignIn,
    shootLinks,
    shootReset,
    shootApp,
    shootEmails,
    shootAccount,
    shootOrganization,
    shootDocs,
  ];
  for (const part of parts) {
    // Each from an address of its own, as a proxy would tell: ten tries at a time is what one address has.
    await context.setExtraHTTPHeaders({ 'X-Forwarded-For': `198.51.100.${++addresses}` });
    await part(shoot);
  }
  await context.close();
}

async function shootSignIn({ page, url, email, copy, shot }: Shoot): Promise<void> {
  await page.goto(url);
  await shot('home');
  await page.goto(`${url}/auth/sign-in`);
  await shot('sign-in');
  await fill(page, copy.emailFieldCopy.label, email);
  await fill(page, copy.passwordFieldCopy.label, 'not the password');
  await press(page, copy.signInPageCopy.title);
  await shot('sign-in-refused');
  await page.goto(`${url}/auth/register`);
  await shot('register');
  await fill(page, copy.nameFieldCopy.label, 'Ada Lovelace');
  await fill(page, copy.emailFieldCopy.label, 'ada@lovelace');
  await fill(page, copy.passwordFieldCopy.label, 'twelve chars');
  await press(page, copy.registerPageCopy.submit);
  await shot('register-refused');
  await fill(page, copy.emailFieldCopy.label, email);
  await fill(page, copy.passwordFieldCopy.label, password);
  await press(page, copy.registerPageCopy.submit);
  await page.goto(`${url}/auth/verify`);
  await shot('verify');
}

async function shootLinks({ page, url, email, copy, shot, newest }: Shoot): Promise<void> {
  const context = page.context();
  await page.goto(`${url}/auth/code?for=sign-in`);
  await context.clearCookies();
  await page.reload();
  await shot('code');
  await page.goto(`${url}/auth/sign-in/link`);
  await shot('sign-in-link');
  await fill(page, copy.emailFieldCopy.label, email);
  await press(page, copy.emailRequestPageCopy['sign-in'].button);
  await shot('check-mail');
  const link = `${url}/auth/magic-link?for=sign-in`;
  const opened = `${link}#${tokenIn(await newest('sign-in'))}`;
  await context.clearCookies();
  await page.goto(link);
  await shot('link-without-scripts');
  await page.goto(opened);
  await shot('link');
  await press(page, copy.signInPageCopy.title);
  await shot('link-elsewhere');
  await press(page, copy.confirmPageCopy.buttons['sign-in']);
  await page.waitForURL(`${url}/account`);
  await page.goto(opened);
  await press(page, copy.signInPageCopy.title);
  await shot('link-used');
  await context.clearCookies();
}

async function shootReset({ page, url, email, copy, shot, newest }: Shoot): Promise<void> {
  await page.goto(`${url}/auth/forgot`);
  await shot('forgot');
  await fill(page, copy.emailFieldCopy.label, email);
  await press(page, copy.emailRequestPageCopy['password-reset'].button);
  await shot('reset-by-code');
  const token = tokenIn(await newest('password-reset'));
  await page.goto(`${url}/auth/magic-link?for=password-reset#${token}`);
  await press(page, copy.purposeButtonCopy['password-reset']);
  await shot('reset');
  await fill(page, copy.newPasswordFieldCopy.label, password);
  await press(page, copy.resetPageCopy.submit);
  await shot('reset-done');
}

/** Links of emails that an app has asked for, by an account that was mailed no others of their kind. */
async function shootApp({ page, url, email: known, language, copy, shot }: Shoot): Promise<void> {
  const email = `app-${known}`;
  const { emails } = mailCopy[language];
  const post = (path: string, body: object) => {
    const headers = { 'Content-Type': 'application/json', 'Accept-Language': language };
    return fetch(url + path, { method: 'POST', headers, body: JSON.stringify({ email, ...body }) });
  };
  await post('/v1/auth/register', { password });
  for (const [path, purpose, button, name] of [
    ['/v1/auth/magic-link', 'sign-in', copy.signInPageCopy.title, 'link-to-app'],
    ['/v1/auth/password/forgot', 'password-reset', copy.purposeButtonCopy['password-reset'], 'reset-to-app'],
  ] as const) {
    await post(path, { redirect_to: 'https://app.example.com/in', code_challenge: 'A'.repeat(43) });
    const token = tokenIn(await newestEmail(url, email, emails[purpose].subject));
    await page.goto(`${url}/auth/magic-link?for=${purpose}#${token}`);
    await press(page, button);
    await shot(name);
  }
}

/** What is mailed on the way through the pages above. */
async function shootEmails({ page, shot, newest }: Shoot): Promise<void> {
  for (const name of ['sign-in', 'password-reset', 'password-changed'] as const) {
    // An empty page has no Content-Security-Policy that would forbid the email's styles.
    await page.goto('about:blank');
    await page.setContent((await newest(name)).html);
    await shot(`emails/${name}`);
  }
}

async function shootAccount(shoot: Shoot): Promise<void> {
  const { page, url, copy, shot } = shoot;
  await signIn({ ...shoot, page: await page.context().newPage() });
  await page.context().clearCookies();
  await signIn(shoot);
  await shot('account');
  for (const part of ['activity', 'name', 'password', 'email', 'delete']) {
    await page.goto(`${url}/account/${part}`);
    await shot(`account-${part}`);
  }
  await fill(page, copy.confirmationCopy.password, 'not the password');
  await press(page, copy.accountDeletePageCopy.submit);
  await shot('account-delete-refused');
}

/** With a colleague in it, who has an organization of their own and invites back. */
async function shootOrganization({ page, url, email, language, copy, shot, newest }: Shoot): Promise<void> {
  const { accountOrganizationsPageCopy: list, organizationInvitationsPageCopy: invitations } = copy;
  const name = 'Harbour Logistics';
  await page.goto(`${url}/account/organizations`);
  await page.locator('#name').fill(name);
  await page.locator('#slug').fill(email.replace(/^ada-|@.*/g, '').replace(/^/, 'harbour-'));
  await press(page, list.createButton);
  await page.getByRole('button', { name: list.switch(name).join(' ').trim(), exact: true }).click();
  await shot('organization');
  await page.goto(`${url}/organization/invitations`);
  const colleague = `mei-ling-${email}`;
  for (const to of [`jonas-${email}`, colleague]) {
    await page.locator('#email').fill(to);
    await press(page, invitations.inviteButton);
  }
  await shot('organization-invitations');
  await page.locator('summary').click();
  await press(page, invitations.makeButton);
  await shot('organization-join-link');
  await shootKeys({ page, url, copy, shot });
  await inviteBack({ url, email, language, colleague });
  await page.goto(`${url}/organization/members`);
  await page.locator('summary').first().click();
  await shot('organization-members');
  for (const part of ['transfer', 'delete']) {
    await page.goto(`${url}/organization/${part}`);
    await shot(`organization-${part}`);
  }
  await page.goto(`${url}/account/organizations`);
  await shot('account-organizations');
  const token = tokenIn(await newest('invitation'));
  await page.context().clearCookies();
  await page.goto(`${url}/auth/invitation#${token}`);
  await press(page, copy.invitationPageCopy.accept);
  await shot('invitation');
}

/** A key of the organization that the browser works in, and what was used: nothing yet. */
async function shootKeys({
  page,
  url,
  copy,
  shot,
}: Pick<Shoot, 'page' | 'url' | 'copy' | 'shot'>): Promise<void> {
  await page.goto(`${url}/organization/keys`);
  await page.locator('#name').fill('Importer');
  await page.locator('input[type=checkbox]').first().check();
  await press(page, copy.apiKeyFormCopy.submit);
  await shot('organization-key');
  await page.goto(`${url}/organization/keys`);
  await page.locator('summary').click();
  await shot('organization-keys');
  await page.goto(`${url}/organization/usage`);
  await shot('organization-usage');
}

interface Colleague extends Pick<Shoot, 'url' | 'email' | 'language'> {
  readonly colleague: string;
}

/** Accepts an invitation by its email, and invites whoever sent it to an organization of the colleague's own. */
async function inviteBack({ url, email, language, colleague }: Colleague): Promise<void> {
  const { subject } = mailCopy[language].emails.invitation;
  const token = tokenIn(await newestEmail(url, colleague, subject));
  const post = async (path: string, body: object, bearer?: string): Promise<unknown> => {
    const authorization = bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` };
    const headers = { 'Content-Type': 'application/json', 'Accept-Language': language, ...authorization };
    return (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const { access_token } = (await post('/v1/invitations/accept', { token })) as { access_token: string };
  const made = await post('/v1/organizations', { name: 'Nordlicht Studio' }, access_token);
  const { organization } = made as { organization: { id: string } };
  await post(`/v1/organizations/${organization.id}/invitations`, { email, role: 'admin' }, access_token);
}

/** Of the whole the top and one route: all of it is twenty screens long. */
async function shootDocs({ page, url, shot }: Shoot): Promise<void> {
  await page.goto(`${url}/docs`);
  await shot('docs', false);
  await page.goto(`${url}/docs#sessionsRefresh`);
  await shot('docs-route', false);
}

async function signIn({ page, url, email, copy }: Shoot): Promise<void> {
  await page.goto(`${url}/auth/sign-in`);
  await fill(page, copy.emailFieldCopy.label, email);
  await fill(page, copy.passwordFieldCopy.label, password);
  await press(page, copy.signInPageCopy.title);
  await page.waitForURL(`${url}/account`);
}

const fill = (page: Page, label: string, text: string) =>
  // A box that shows a password has the word in its label, too.
  page.getByLabel(label).and(page.locator('input:not([type=checkbox])')).fill(text);

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

const tokenIn = ({ text }: MailboxEmail) => text.match(/#([\w-]{43})/)?.[1];

/** Emails are sent behind the response's back: it may take a moment until one is there. */
async function newestEmail(url: string, email: string, wanted: string): Promise<MailboxEmail> {
  for (let tries = 0; tries < 100; tries++) {
    const response = await fetch(`${url}/dev/mailbox`, { headers: { Accept: 'application/json' } });
    const emails = (await response.json()) as readonly MailboxEmail[];
    const found = emails.find(({ to, subject }) => to === email && subject === wanted);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no email came to ${email} whose subject is "${wanted}"`);
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
      REDIRECT_ALLOWLIST: 'https://app.example.com',
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
