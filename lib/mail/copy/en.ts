/**
 * What every email says in English; the other languages have the same. No email greets by name or quotes anything that
 * somebody typed. Whoever registers the address of another person chooses what Blockbot mails to them; with a name in it,
 * that would be a stranger's advertisement under our name.
 */
import type { Role } from '../../../db/schema.ts';
import { brand } from '../../core/brand.ts';
import type { EmailTemplate, EmailParameters } from '../parameters.ts';

/** An email that carries a verification: a button, and a code for another device. */
export interface VerificationCopy {
  /** Says what the email is, and never holds the code: subjects are shown on locked screens. Also its heading. */
  readonly subject: string;
  readonly lead: string;
  readonly button: string;
  /** Stands above the code. */
  readonly code: string;
  readonly ifNotYou: string;
  /** Why the reader gets it, and from whom. */
  readonly why: (host: string) => string;
}

/** A security notification. When and on what device it happened stands below the lead. */
export interface NotificationCopy {
  readonly subject: string;
  readonly lead: string;
  readonly ifYou: string;
  readonly ifNotYou: string;
  /** What to do about it, on a page of ours (`compose.ts`). */
  readonly button?: string;
  readonly why: (host: string) => string;
}

/** An invitation. Who invites, and to what, stands below the lead. */
export interface InvitationCopy {
  readonly subject: string;
  readonly lead: string;
  readonly inviter: string;
  readonly organization: string;
  readonly role: string;
  readonly roles: Readonly<Record<Role, string>>;
  readonly button: string;
  readonly expiry: string;
  readonly ifUnwanted: string;
  readonly why: (host: string) => string;
}

/** An organization that was handed over. Which, between whom and when stands below the lead. */
export interface TransferCopy {
  readonly subject: string;
  readonly lead: string;
  readonly organization: string;
  readonly formerOwner: string;
  readonly newOwner: string;
  readonly advice: readonly string[];
  readonly button: string;
  readonly why: (host: string) => string;
}

type CopyOf<Name extends EmailTemplate> = EmailParameters[Name] extends { code: string }
  ? VerificationCopy
  : EmailParameters[Name] extends { inviter: string }
    ? InvitationCopy
    : EmailParameters[Name] extends { newOwner: string | null }
      ? TransferCopy
      : NotificationCopy;

const newPassword = 'Choose a new password';
const ignore = 'If you didn’t request this email, you can safely ignore it';
const otherDevice = 'Requested this on another device? Enter this code there:';
const nothingToDo = 'If this was you, there’s nothing you need to do.';
const takeBack =
  'If this wasn’t you, choose a new password now. That signs out every device, including theirs.';
const transfer = { organization: 'Organization', formerOwner: 'Handed over by', newOwner: 'New owner' };
const byRequest = (host: string) =>
  `You received this email because someone entered your email address at ${host}.`;
const forSafety = (host: string) =>
  `You received this email because it concerns the security of your account at ${host}.`;

export const en = {
  /** How dates are written: day, month, year (BCP 47). */
  dateLocale: 'en-GB',
  phrases: {
    expiry: 'The link expires after 15 minutes, the code after 10. Each works once.',
    secrecy: `Never share this code: nobody at ${brand.name} will ask you for it.`,
    fallback: 'Button not working? Copy this link into your browser:',
    apiKey: 'API key',
    organization: 'Organization',
    device: 'Device',
    time: 'Time',
  },
  emails: {
    'sign-in': {
      subject: `Sign in to ${brand.name}`,
      lead: 'Use the button below to sign in on the device where you open it.',
      button: 'Sign in',
      code: 'Reading this on another device? Enter this code where you requested it:',
      ifNotYou: `${ignore}: nobody can sign in with it without access to your inbox.`,
      why: byRequest,
    },
    'sign-up': {
      subject: `Create your ${brand.name} account`,
      lead: 'There’s no account with your email address yet. The button below creates one and signs you in on the device where you open it.',
      button: 'Create my account',
      code: otherDevice,
      ifNotYou: `${ignore}: no account is created unless you use the link or the code.`,
      why: byRequest,
    },
    'email-verification': {
      subject: `Confirm your email address for ${brand.name}`,
      lead: 'Just one more step: confirm that this email address is yours.',
      button: 'Confirm my email address',
      code: otherDevice,
      ifNotYou: `If you didn’t create a ${brand.name} account, please don’t confirm. Whoever entered your email address can’t prove that it’s theirs.`,
      why: byRequest,
    },
    'password-reset': {
      subject: `Reset your ${brand.name} password`,
      lead: 'Use the button below to choose a new password. You’ll be signed out on every device.',
      button: 'Choose a new password',
      code: otherDevice,
      ifNotYou: `${ignore}: your password stays the same.`,
      why: byRequest,
    },
    'email-change': {
      subject: `Confirm your new email address for ${brand.name}`,
      lead: `Someone asked to use this email address for their ${brand.name} account. If that was you, confirm it to replace your old one.`,
      button: 'Confirm my new email address',
      code: otherDevice,
      ifNotYou:
        'If it wasn’t you, please don’t confirm: the account belongs to someone else, and nothing changes without you.',
      why: byRequest,
    },
    'email-change-asked': {
      subject: `Request to change the email address of your ${brand.name} account`,
      lead: 'Someone who is signed in to your account asked to change its email address. Nothing has changed yet: the new address has to be confirmed first.',
      ifYou: 'If this was you, open the email that we sent to the new address.',
      ifNotYou: takeBack,
      button: newPassword,
      why: forSafety,
    },
    'email-changed': {
      subject: `The email address of your ${brand.name} account was changed`,
      lead: 'The new address is confirmed, and your account uses it from now on. This is the last email about your account that we’ll send to this address.',
      ifYou: 'If this was you, you’re all set: sign in with the new address.',
      // No button: for the old address, a reset would find no account.
      ifNotYou: `If this wasn’t you, someone else has access to your account, and you can no longer reset its password from this address. Contact the people who run this ${brand.name} right away, and keep this email to show them.`,
      why: forSafety,
    },
    'already-registered': {
      subject: `You already have a ${brand.name} account`,
      lead: 'Someone tried to create an account with your email address. You already have one, so nothing was created and nothing has changed.',
      ifYou:
        'If this was you, sign in instead. Forgot your password? We can email you a link from the sign-in page.',
      ifNotYou: 'If this wasn’t you, there’s nothing you need to do: your account is as safe as before.',
      button: 'Sign in',
      why: byRequest,
    },
    'codes-refused': {
      subject: `Too many wrong codes for your ${brand.name} account`,
      lead: 'Someone entered many wrong codes for your email address today. To protect your account, codes are switched off for a day. The links in our emails still work.',
      ifYou: 'If it was you, use the link in the email instead of the code.',
      ifNotYou: 'If this wasn’t you, there’s nothing you need to do: nobody got in.',
      why: forSafety,
    },
    'new-device': {
      subject: `New sign-in to your ${brand.name} account`,
      lead: 'Someone signed in to your account on a device that we haven’t seen before.',
      ifYou: nothingToDo,
      ifNotYou: takeBack,
      button: newPassword,
      why: forSafety,
    },
    'password-changed': {
      subject: `Your ${brand.name} password was changed`,
      lead: 'Your account has a new password, and every other device was signed out.',
      ifYou: nothingToDo,
      ifNotYou: takeBack,
      button: newPassword,
      why: forSafety,
    },
    'session-ended': {
      subject: `We signed out a device from your ${brand.name} account`,
      lead: 'A device tried to stay signed in to your account with a key that had already been replaced. The key may have been copied, so we ended that session to be safe.',
      ifYou:
        'If this is your device, just sign in again. A faulty app or a restored backup can cause this, too.',
      ifNotYou:
        'If you don’t recognize the device, or if this happens again, choose a new password. That signs out every device.',
      button: newPassword,
      why: forSafety,
    },
    'api-key-created': {
      subject: `New API key for your ${brand.name} account`,
      lead: 'Someone who is signed in made an API key. A program that has it can use the API as the key allows.',
      ifYou: nothingToDo,
      ifNotYou: 'If this wasn’t you, or someone you work with, revoke the key, and choose a new password.',
      button: newPassword,
      why: forSafety,
    },
    'api-key-rotated': {
      subject: `An API key of your ${brand.name} account was replaced`,
      lead: 'Someone who is signed in replaced an API key by a new one.',
      ifYou: 'If this was you, give the new key to the programs that have the old one.',
      ifNotYou: 'If this wasn’t you, or someone you work with, revoke the key, and choose a new password.',
      button: newPassword,
      why: forSafety,
    },
    'api-key-reported': {
      subject: `We revoked an API key of your ${brand.name} account`,
      lead: 'Someone found this API key and reported it to us. It no longer works, so that nobody can misuse it.',
      ifYou: 'If this was you, make a new key for the programs that had it.',
      ifNotYou:
        'If this wasn’t you, the key was somewhere it shouldn’t be, such as in published code. Find out where, and make a new key.',
      why: forSafety,
    },
    invitation: {
      subject: `You’re invited to an organization on ${brand.name}`,
      lead: `Someone you may know invites you to work with them on ${brand.name}. You don’t need an account yet: accepting the invitation gives you one.`,
      inviter: 'Invited by',
      organization: 'Organization',
      role: 'Your role',
      roles: { owner: 'Owner', admin: 'Admin', member: 'Member' },
      button: 'See the invitation',
      expiry: 'The invitation is for you alone and expires after 7 days: don’t forward this email.',
      ifUnwanted:
        'If you don’t know who invites you, you can safely ignore this email or decline on the same page: nothing happens unless you accept.',
      why: (host) =>
        `You received this email because a member of an organization at ${host} invited your email address. We keep no mailing list.`,
    },
    'organization-handed-over': {
      subject: `You handed over an organization on ${brand.name}`,
      lead: 'Another member owns the organization now, and you’re an admin of it.',
      ...transfer,
      advice: [
        nothingToDo,
        `${takeBack} Then ask the new owner, or the people who run this ${brand.name}, to give the organization back.`,
      ],
      button: newPassword,
      why: forSafety,
    },
    'organization-received': {
      subject: `You own an organization on ${brand.name} now`,
      lead: 'Its owner handed it over to you: you decide about its members now, and you can delete it.',
      ...transfer,
      advice: ['If you don’t want to own it, hand it over to another member.'],
      button: 'See your organizations',
      why: (host) => `You received this email because you’re a member of an organization at ${host}.`,
    },
  } satisfies { readonly [Name in EmailTemplate]: CopyOf<Name> },
};
