/** The emails whose links and codes pages take, and what pages say about each. */
import * as z from 'zod/mini';
import type { VerificationPurpose } from '../../db/schema.ts';

export const pagePurpose = z.enum(['sign-in', 'email-verification', 'password-reset', 'email-change']);

export type PagePurpose = z.output<typeof pagePurpose> & VerificationPurpose;

interface Words {
  /** Heads the page that a link opens. */
  readonly title: string;
  /** What its button does. */
  readonly button: string;
  /** What it does in a browser that did not ask for the email. */
  readonly here: string;
  /** What pressing it means, there. */
  readonly meaning: string;
  /** Where another email is asked for. */
  readonly askAt: string;
  /** Where the code is typed. */
  readonly codeAt: string;
  /** Whether an email was written is not told where that tells of an account. */
  readonly sent: (address: string) => string;
}

export const purposes: Readonly<Record<PagePurpose, Words>> = {
  'sign-in': {
    title: 'Sign in',
    button: 'Sign in',
    here: 'Sign in here',
    meaning: 'You will be signed in to this account, in this browser.',
    askAt: '/auth/sign-in/link',
    codeAt: '/auth/code?for=sign-in',
    sent: (address) => `If ${address} can sign in here, a letter is on its way.`,
  },
  'email-verification': {
    title: 'Confirm your email address',
    button: 'Confirm and sign in',
    here: 'Confirm and sign in here',
    meaning: 'The address will be confirmed, and you will be signed in to this account, in this browser.',
    askAt: '/auth/verify',
    codeAt: '/auth/code?for=email-verification',
    sent: (address) => `A letter is on its way to ${address}.`,
  },
  'password-reset': {
    title: 'Set a new password',
    button: 'Go on',
    here: 'Go on here',
    meaning: 'You will choose a new password for this account.',
    askAt: '/auth/forgot',
    codeAt: '/auth/reset',
    sent: (address) => `If there is an account for ${address}, a letter is on its way.`,
  },
  'email-change': {
    title: 'Confirm your new email address',
    button: 'Confirm',
    here: 'Confirm',
    meaning: 'This will be the address of the account that asked for it.',
    askAt: '/account/email',
    codeAt: '/auth/code?for=email-change',
    sent: (address) => `A letter is on its way to ${address}.`,
  },
};
