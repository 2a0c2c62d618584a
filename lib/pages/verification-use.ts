/** Using a mailed link or code up on a page, and where that leads. */
import type { Context } from 'hono';
import { identifyBrowser, openBrowserSession } from './browser-session.ts';
import { authorizeApp } from '../accounts/authorization-code.ts';
import { type Grant, startProvenSession } from '../accounts/grant.ts';
import { confirmEmailChange } from '../accounts/email-change.ts';
import { verifyEmail } from '../accounts/email-verification.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { FunctionContext, FunctionEnv } from '../http/services.ts';
import { signInByEmail } from '../accounts/email-sign-in.ts';
import { isProblem, Problem } from '../core/problem.ts';
import type { StartedSession } from '../sessions/session.ts';
import { bindingOf } from './browser-binding.ts';
import type { PresentedVerification } from '../http/presented-verification.ts';
import { assertRedirect } from '../http/redirect.ts';
import type { Settings } from '../core/settings.ts';
import type { PagePurpose } from './purposes.ts';

/**
 * What a form presents: the token that it holds, or the code that was typed, which is good in the browser that asked for it.
 *
 * @throws {Problem} `invalid-input` where neither is there
 */
export function toPresented(
  c: FunctionContext,
  { token, email, code }: { [Name in 'token' | 'email' | 'code']?: string | undefined },
): PresentedVerification {
  const binding = bindingOf(c);
  if (token !== undefined) return { token, binding };
  if (email !== undefined && code !== undefined) return { email, code, binding: binding ?? '' };
  const pointer = email === undefined ? '#/email' : '#/code';
  throw new Problem('invalid-input', {
    errors: [{ pointer, code: 'required', detail: 'This field is required' }],
  });
}

type UseContext = FunctionContext<'database' | 'passwords' | 'keys' | 'outbox'> &
  Pick<Context<FunctionEnv>, 'redirect'>;

interface VerificationUse {
  readonly purpose: Exclude<PagePurpose, 'password-reset'>;
  readonly presented: PresentedVerification;
  /** Of the account, where the page has asked for it. */
  readonly password?: string | undefined;
}

/**
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`, `sign-up-closed`, `email-taken`,
 * `password-incorrect`
 */
export async function useVerification(
  c: UseContext,
  request: GuardedRequest<undefined, 'account'>,
  { purpose, presented, password }: VerificationUse,
): Promise<Response> {
  switch (purpose) {
    case 'sign-in': {
      const signedIn = await signInByEmail(c.env, request, presented, grantOnPage(c, request));
      return conclude(c, request, signedIn.granted, toTarget(signedIn.redirectTo, c.env.settings));
    }
    case 'email-verification': {
      const shown = { presented, password };
      const grant = grantOnPage(c, request);
      const { granted, keptPassword } = await verifyEmail(c.env, request, shown, grant);
      return conclude(c, request, granted, keptPassword ? '/account' : '/account?notice=password-dropped');
    }
    case 'email-change': {
      const caller = await identifyBrowser(c, request);
      // The change is the account's own: in a browser that is signed out nobody can tell whose it is.
      if (!caller) return c.redirect('/auth/sign-in?notice=sign-in-to-change-email', 303);
      await confirmEmailChange(c.env, { ...request, caller }, presented);
      return c.redirect('/account?notice=email-changed', 303);
    }
  }
}

/** For the app that asked the address that leads back to it with a code; for the browser itself a session. */
function grantOnPage(c: UseContext, request: GuardedRequest<undefined>): Grant<StartedSession | string> {
  return async (sql, owner, verification) => {
    const address = await authorizeApp(sql, c.env.settings, owner, verification);
    if (address !== undefined) return address;
    const session = await startProvenSession(sql, c.env, request, owner);
    if (!session) throw new Problem('verification-invalid');
    return session;
  };
}

/** Leads on. Whoever goes on in an app is not signed in here. */
async function conclude(
  c: UseContext,
  request: GuardedRequest<undefined>,
  granted: StartedSession | string,
  target: string,
): Promise<Response> {
  if (typeof granted === 'string') return c.redirect(granted, 303);
  await openBrowserSession(c, request, granted);
  return c.redirect(target, 303);
}

/** Checked when the email was asked for, and again: an origin may have been taken off the list since. */
function toTarget(redirectTo: string | null, settings: Settings): string {
  try {
    return assertRedirect(redirectTo ?? undefined, settings) ?? '/account';
  } catch (error) {
    if (isProblem(error)) return '/account';
    throw error;
  }
}
