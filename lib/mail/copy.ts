/**
 * What every email says: the one place to change or translate it. No email greets by name or quotes anything that
 * somebody typed. Whoever registers the address of another person chooses what Blockbot mails to them; with a name
 * in it, that would be a stranger's advertisement under our name.
 */
import type { VerificationPurpose } from '../../db/schema.ts';
import { brand } from '../core/brand.ts';
import type { EmailTemplate, EmailParameters } from './parameters.ts';

/** An email that carries a verification: a button, and a code for another device. */
interface VerificationCopy {
  /** Says what the email is, and never holds the code: subjects are shown on locked screens. Also its heading. */
  readonly subject: string;
  readonly proves: VerificationPurpose;
  readonly lead: string;
  readonly button: string;
  /** What the code is for. */
  readonly code: string;
  readonly ifNotYou: string;
  /** Why the reader gets it, and from whom. */
  readonly why: (host: string) => string;
}

/** A security notice. When and on what device it happened stands below the lead. */
interface NotificationCopy {
  readonly subject: string;
  readonly lead: string;
  readonly ifYou: string;
  readonly ifNotYou: string;
  /** What to do about it, on a page of ours. */
  readonly button?: { readonly label: string; readonly page: string };
  readonly why: (host: string) => string;
}

type CopyOf<Name extends EmailTemplate> = EmailParameters[Name] extends { token: string }
  ? VerificationCopy
  : NotificationCopy;

export const phrases = {
  expiry: 'The link and the code work for 15 minutes, once. If you ask again, only the newest email works.',
  secrecy: `Give the code to nobody: people who work for ${brand.name} never ask for it.`,
  fallback: 'If the button does nothing, open this address in your browser:',
  device: 'Device',
  time: 'Time',
} as const;

const newPassword = { label: 'Choose a new password', page: '/auth/forgot' } as const;
const doNothing = 'If you didn’t ask for this, you don’t have to do anything';
const byRequest = (host: string) => `You get this letter because somebody entered your address at ${host}.`;
const forSafety = (host: string) => `Notices like this one keep your account at ${host} safe.`;

export const words: { readonly [Name in EmailTemplate]: CopyOf<Name> } = {
  'sign-in': {
    subject: `Sign in to ${brand.name}`,
    proves: 'sign-in',
    lead: 'Here is your way in. It signs you in on the device where you open it.',
    button: 'Sign in',
    code: 'Signing in on another device? Enter this code there:',
    ifNotYou: `${doNothing}: nobody gets in without this letter.`,
    why: byRequest,
  },
  'sign-up': {
    subject: `Create your ${brand.name} account`,
    proves: 'sign-in',
    lead: 'There is no account with your address yet. The button creates one and signs you in, on the device where you open it.',
    button: 'Create my account',
    code: 'On another device? Enter this code there:',
    ifNotYou: `${doNothing}: no account is created without this letter.`,
    why: byRequest,
  },
  'email-verification': {
    subject: `Confirm your email address for ${brand.name}`,
    proves: 'email-verification',
    lead: 'One step is left: confirm that this address is yours.',
    button: 'Confirm my address',
    code: 'On another device? Enter this code there:',
    ifNotYou: `If you didn’t create a ${brand.name} account, please don’t confirm. Whoever entered your address can’t prove that it is theirs.`,
    why: byRequest,
  },
  'password-reset': {
    subject: `Reset your ${brand.name} password`,
    proves: 'password-reset',
    lead: 'Choose a new password with the button below. Every device that is signed in now will be signed out.',
    button: 'Choose a new password',
    code: 'On another device? Enter this code there:',
    ifNotYou: `${doNothing}: your password stays as it is.`,
    why: byRequest,
  },
  'email-change': {
    subject: `Confirm your new email address for ${brand.name}`,
    proves: 'email-change',
    lead: 'A change of address was asked for. Confirm this one, and it replaces the account’s old address.',
    button: 'Confirm my new address',
    code: 'On another device? Enter this code there:',
    ifNotYou:
      'If you didn’t ask for this, please don’t confirm: the account is somebody else’s. Without you nothing changes.',
    why: byRequest,
  },
  'email-change-asked': {
    subject: `A new email address was asked for on your ${brand.name} account`,
    lead: 'Somebody who is signed in to your account asked to change its email address. Nothing has changed yet: the new address has to confirm first.',
    ifYou: 'If it was you, open the email that waits at the new address.',
    ifNotYou:
      'If it wasn’t you, act now: choose a new password. That signs out every device, and whoever is in your account with it.',
    button: newPassword,
    why: forSafety,
  },
  'email-changed': {
    subject: `The email address of your ${brand.name} account was changed`,
    lead: 'The new address has confirmed, and your account belongs to it from now on. This is the last letter about it to this address.',
    ifYou: 'If it was you, you’re done: sign in with the new address.',
    // No button: asked for the old address, a reset would find no account.
    ifNotYou: `If it wasn’t you, somebody else is in your account, and you can’t reset its password from this address any more. Tell the people who run this ${brand.name} at once, and keep this letter to show them.`,
    why: forSafety,
  },
  'already-registered': {
    subject: `You already have a ${brand.name} account`,
    lead: 'Somebody tried to create an account with your address. You have one already, so nothing was created and nothing has changed.',
    ifYou:
      'If it was you, sign in instead. If you have forgotten the password, the sign-in page can mail you a link.',
    ifNotYou: 'If it wasn’t you, you don’t have to do anything: your account is as safe as before.',
    button: { label: 'Sign in', page: '/auth/sign-in' },
    why: byRequest,
  },
  'codes-refused': {
    subject: `Too many wrong codes for your ${brand.name} account`,
    lead: 'Somebody entered many wrong codes for your email address today. To keep your account safe, codes are switched off for a day. The links in our emails still work.',
    ifYou: 'If it was you, use the link in the email instead of the code.',
    ifNotYou: 'If it wasn’t you, you don’t have to do anything: nobody got in.',
    why: forSafety,
  },
  'new-device': {
    subject: `New sign-in to your ${brand.name} account`,
    lead: 'Somebody signed in to your account on a device that we haven’t seen before.',
    ifYou: 'If it was you, there’s nothing to do.',
    ifNotYou:
      'If it wasn’t you, choose a new password now. That signs out every device, and the stranger with them.',
    button: newPassword,
    why: forSafety,
  },
  'password-changed': {
    subject: `Your ${brand.name} password was changed`,
    lead: 'Your account has a new password, and every other device was signed out.',
    ifYou: 'If it was you, there’s nothing to do.',
    ifNotYou:
      'If it wasn’t you, choose a new password now. That signs out every device, and whoever changed it.',
    button: newPassword,
    why: forSafety,
  },
  'session-ended': {
    subject: `We signed out a device from your ${brand.name} account`,
    lead: 'A key that keeps a device signed in came back to us after it had been replaced. It may have been copied, so we ended that session, to be safe.',
    ifYou:
      'If the device is yours, sign in on it again. It can also be a fault of an app or of a backup that was restored.',
    ifNotYou:
      'If you don’t know the device, or this happens again, choose a new password. That signs out every device.',
    button: newPassword,
    why: forSafety,
  },
};
