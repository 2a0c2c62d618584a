/** Using a mailed link or code up on a page, and where that leads. */
import type { Context } from 'hono';
import { identifyBrowser, openBrowserSession } from './browser-session.ts';
import { confirmEmailChange } from '../accounts/email-change.ts';
import { verifyEmail } from '../accounts/email-verification.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { FunctionContext, FunctionEnv } from '../http/services.ts';
import { signInByEmail } from '../accounts/email-sign-in.ts';
import { isProblem, Problem } from '../core/problem.ts';
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
      const { session, redirectTo } = await signInByEmail(c.env, request, presented);
      await openBrowserSession(c, request, session);
      return c.redirect(toTarget(redirectTo, c.env.settings), 303);
    }
    case 'email-verification': {
      const { session, keptPassword } = await verifyEmail(c.env, request, { presented, password });
      await openBrowserSession(c, request, session);
      return c.redirect(keptPassword ? '/account' : '/account?notice=password-dropped', 303);
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

/** Checked when the email was asked for, and again: an origin may have been taken off the list since. */
function toTarget(redirectTo: string | null, settings: Settings): string {
  try {
    return assertRedirect(redirectTo ?? undefined, settings) ?? '/account';
  } catch (error) {
    if (isProblem(error)) return '/account';
    throw error;
  }
}
