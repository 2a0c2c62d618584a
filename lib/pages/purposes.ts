/** The emails whose links and codes pages take. */
import * as z from 'zod/mini';
import type { VerificationPurpose } from '../../db/schema.ts';

export const pagePurpose = z.enum(['sign-in', 'email-verification', 'password-reset', 'email-change']);

export type PagePurpose = z.output<typeof pagePurpose> & VerificationPurpose;

interface Paths {
  /** Where another email is requested. */
  readonly requestAt: string;
  /** Where the code is typed. */
  readonly codeAt: string;
}

export const purposes: Readonly<Record<PagePurpose, Paths>> = {
  'sign-in': { requestAt: '/auth/sign-in/link', codeAt: '/auth/code?for=sign-in' },
  'email-verification': { requestAt: '/auth/verify', codeAt: '/auth/code?for=email-verification' },
  'password-reset': { requestAt: '/auth/forgot', codeAt: '/auth/reset' },
  'email-change': { requestAt: '/account/email', codeAt: '/auth/code?for=email-change' },
};
