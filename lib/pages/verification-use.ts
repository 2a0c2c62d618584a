/** Using a mailed link or code up on a page, and where that leads. */
import type { Context } from 'hono';
import { openBrowserSession, refreshTokenOf } from './browser-session.ts';
import { confirmEmailChange } from '../accounts/email-change.ts';
import { verifyEmail } from '../accounts/email-verification.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { FunctionContext, FunctionEnv } from '../http/services.ts';
import { signInByEmail } from '../accounts/email-sign-in.ts';
import { isProblem } from '../core/problem.ts';
import type { PresentedVerification } from '../accounts/verification.ts';
import { assertRedirect } from '../http/redirect.ts';
import type { Settings } from '../core/settings.ts';
import type { PagePurpose } from './purposes.ts';

type UseContext = FunctionContext<'database' | 'keys' | 'outbox'> & Pick<Context<FunctionEnv>, 'redirect'>;

/** @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`, `sign-up-closed`, `email-taken` */
export async function useVerification(
  c: UseContext,
  request: GuardedRequest,
  purpose: Exclude<PagePurpose, 'password-reset'>,
  presented: PresentedVerification,
): Promise<Response> {
  switch (purpose) {
    case 'sign-in': {
      const { session, redirectTo } = await signInByEmail(c.env, request, presented);
      await openBrowserSession(c, session);
      return c.redirect(toTarget(redirectTo, c.env.settings), 303);
    }
    case 'email-verification':
      await openBrowserSession(c, await verifyEmail(c.env, request, presented));
      return c.redirect('/account', 303);
    case 'email-change':
      await confirmEmailChange(c.env, request, presented);
      return c.redirect(
        refreshTokenOf(c) === undefined
          ? '/auth/sign-in?notice=email-changed'
          : '/account?notice=email-changed',
        303,
      );
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
