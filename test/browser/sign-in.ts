import type { BrowserContext, Page } from 'playwright-core';
import type { Registered } from '../support/blockbot.ts';
import { fill, press, type Site } from './site.ts';

/** @returns the page of their account, to which a browser comes that signed in */
export async function signIn(
  { url }: Site,
  context: BrowserContext,
  { email, password }: Pick<Registered, 'email' | 'password'>,
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}/auth/sign-in`);
  await fill(page, { 'Email address': email, Password: password });
  await press(page, 'Sign in');
  await page.waitForURL(`${url}/account`);
  return page;
}
