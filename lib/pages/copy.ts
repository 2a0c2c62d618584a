/**
 * What every page says: the one place to change or translate it. Each text is a constant of its own, so that a bundle
 * holds those of its own page only. A function stands where something is filled in, markup included. Long because a
 * translator gets one file.
 */
import type { ProblemSlug } from '../core/problem.ts';
import type { PagePurpose } from './purposes.ts';

/** The language of all this (BCP 47). */
export const language = 'en';

// All pages, and parts of several.

/** Before the title of a page whose form was refused: it is what a screen reader says first. */
export const refusedTitle = (title: string) => `Error: ${title}`;
export const justNow = 'just now';
const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
export const ago = (count: number, unit: 'minute' | 'hour' | 'day') => `${counted(count, unit)} ago`;
export const optional = '(optional)';
/** What is wrong with a field, by the code of the problem; of anything else the field says what it takes. */
export const fieldErrors: Readonly<Record<string, string>> = {
  required: 'Fill in this field',
  'too-common': 'This password is too easy to guess. Choose another one.',
  breached: 'This password was found in a data breach. Choose another one.',
};
export const nameLabel = 'Name';
export const nameTakes = 'Use at most 100 characters';
export const emailLabel = 'Email address';
export const emailTakes = 'Enter an email address, like name@example.com';
export const passwordLabel = 'Password';
export const passwordTakes = 'Use 8 to 256 characters';
export const newPasswordLabel = 'New password';
export const newPasswordHint = 'Use at least 8 characters. A few random words work well.';
export const setNewPassword = 'Set new password';
export const backToAccount = 'Back to your account';
export const signIn = 'Sign in';
export const forgotPassword = 'Forgot your password?';
export const createAccount = 'Create account';
export const signUpClosed = 'Ask the people who run this service for an account.';
const emailChanged = 'Your new email address is confirmed. Use it to sign in from now on.';

export const codeFieldLabel = 'Code';
export const codeFieldHint = 'Enter the 6-digit code from the email.';
export const codeFieldTakes = 'Enter all 6 digits';
/** What browsers say when something else is typed. */
export const codeFieldTitle = '6 digits';

// What emails are for.

/** What each kind of email is for: heads the page that its link opens. */
export const purposeTitles: Readonly<Record<PagePurpose, string>> = {
  'sign-in': signIn,
  'email-verification': 'Confirm your email address',
  'password-reset': 'Set a new password',
  'email-change': 'Confirm your new email address',
};

/** What using its link or code does, on a button. */
export const purposeButtons: Readonly<Record<PagePurpose, string>> = {
  'sign-in': signIn,
  'email-verification': 'Confirm and sign in',
  'password-reset': 'Continue',
  'email-change': 'Confirm',
};

// What went wrong (refusal.ts).

/** Problems as people read them; where the catalogue's title suits them, too, there is none here. */
export const problemCopy: Partial<
  Record<ProblemSlug, { readonly title?: string; readonly advice?: string }>
> = {
  'malformed-request': { advice: 'Go back, reload the page and try again.' },
  'unsupported-media-type': {
    title: 'We couldn’t read the form',
    advice: 'Go back, reload the page and try again.',
  },
  'content-too-large': { title: 'That’s too much text', advice: 'Go back and shorten it.' },
  'invalid-credentials': {
    title: 'Wrong email address or password',
    advice: 'Check both, or get a sign-in link by email instead.',
  },
  'verification-invalid': {
    advice:
      'Check it, or request a new one. A code works for 10 minutes, in the browser that requested it, and five times at most.',
  },
  'verification-used': {
    advice: 'Each one works once. If you didn’t use it, request a new one.',
  },
  'verification-expired': {
    advice: 'A link works for 15 minutes, or until you request a newer one. Request a new one.',
  },
  'cross-site-request': {
    advice: 'To protect your account, we only accept forms from our own pages. Open the page and try again.',
  },
  'email-unverified': {
    title: 'Confirm your email address first',
    advice: 'Open the link in the email we sent you, or request a new one.',
  },
  'email-taken': { advice: 'Sign in with it, or use a different address.' },
  'sign-up-closed': { advice: signUpClosed },
  'not-found': { title: 'Page not found', advice: 'Check the address.' },
  'password-incorrect': {
    title: 'Wrong password',
    advice: 'Nothing was changed. Try again with your current password.',
  },
  'reauthentication-required': {
    advice: 'To protect your account, sign out, sign in again, and do this within 15 minutes.',
  },
  'invalid-input': { title: 'Please check what you entered', advice: 'See the fields marked below.' },
  'quota-exceeded': { title: 'Too many attempts', advice: '' },
  'internal-error': {
    advice: 'This one’s on us. Try again in a moment. If it keeps happening, let us know.',
  },
  overloaded: { title: 'We’re very busy right now', advice: '' },
  'service-unavailable': { title: 'We’ll be right back', advice: '' },
};

/** In place of advice that is empty. */
export const tryAgainIn = (count: number, unit: 'second' | 'minute') =>
  `Try again in ${counted(count, unit)}.`;

// The page for what no form explains (page.ts).

export const errorAgain = 'Try again';
export const errorOpen = 'Open the page';
export const errorRequestId = 'Request ID';

// Signing in (sign-in-page.ts).

export const signInOr = 'or without a password';
export const signInByEmail = 'Email me a sign-in link';
/** Where too many passwords were tried for the address, perhaps by others. */
export const signInLocked = 'You can sign in right away without your password.';
export const signInCreateAccount = 'Create an account';
export const signInNewVerification = 'Send a new confirmation email';

/** What other pages lead here with: `?notice=...`. */
export const signInNotices = new Map([
  ['session-ended', 'You’ve been signed out. Sign in again to continue.'],
  ['signed-out', 'You’re signed out.'],
  ['password-reset', 'Your new password is set, and all devices are signed out. Sign in to continue.'],
  ['email-changed', emailChanged],
  ['account-deleted', 'Your account has been deleted.'],
  [
    'sign-in-to-change-email',
    'Sign in to the account whose address you’re changing. Then open the link in the email again.',
  ],
]);

// Creating an account (register-page.ts).

export const registerTitle = 'Create an account';
export const registerClosed = 'Sign-up is closed';
export const registerSignIn = 'Sign in instead';
export const registerWithoutPassword = 'Continue without a password';

// Requesting an email (email-request-page.ts).

export const emailRequest: Readonly<
  Record<
    Exclude<PagePurpose, 'email-change'>,
    { readonly title: string; readonly lead: string; readonly button: string }
  >
> = {
  'sign-in': {
    title: 'Sign in by email',
    lead: 'We’ll email you a link and a code. Either one signs you in, no password needed.',
    button: 'Email me a sign-in link',
  },
  'email-verification': {
    title: 'Confirm your email address',
    lead: 'We’ll email you a new link and a new code.',
    button: 'Email me a new link',
  },
  'password-reset': {
    title: forgotPassword,
    lead: 'We’ll email you a link and a code to set a new one.',
    button: 'Email me a reset link',
  },
};

export const emailRequestWithPassword = 'Sign in with a password';

// After an email was requested (code-page.ts).

const emailSent = (address: string) => `We sent an email to ${address}.`;

export const codeTitle = 'Enter your code';
export const codeTitleAfterEmail = 'Check your email';
/** Where it would tell of an account, whether an email was sent is not told. */
export const codeSent = {
  'sign-in': (address: string) => `If ${address} can sign in here, we sent an email to it.`,
  'email-verification': emailSent,
  'password-reset': (address: string) => `If there’s an account for ${address}, we sent an email to it.`,
  'email-change': emailSent,
};
export const codeNext = 'Open the link in this browser, or enter the 6-digit code.';
export const codeAgain = 'Send it again';
export const codeOtherAddress = 'Use a different address';
export const codeNoEmail = 'Get a code by email';
export const codeHelp =
  'The email can take a minute to arrive. If you don’t see it, check your spam folder. The link works for 15 minutes, the code for 10.';

// Opening its link (link-page.ts).

export const landingLead = 'Press the button to continue. Nothing has happened yet.';
export const landingByCode =
  'To continue, enter the code from the same email, in the browser where you requested it.';

export const confirmLinkTitle = 'Did you request this?';
export const confirmLinkLead = 'This link was requested in another browser.';
export const confirmLinkMeanings = {
  'sign-in': 'You’ll be signed in to this account in this browser.',
  'email-verification':
    'The address will be confirmed, and you’ll be signed in to this account in this browser.',
  'email-change': 'This will become the address of the account that requested it.',
};
export const confirmLinkButtons = {
  'sign-in': 'Sign in here',
  'email-verification': 'Confirm and sign in here',
  'email-change': 'Confirm',
};
/** Of an account that was created in another browser, perhaps by somebody else. */
export const confirmLinkPassword = 'Your password';
export const confirmLinkPasswordHint =
  'If you created this account, enter the password you chose. Without it, the password is removed and you can set a new one.';
export const confirmLinkCancel = 'No, cancel';
export const confirmLinkWarning =
  'If someone sent you this link, or it isn’t your account, cancel: the link expires on its own.';

export const requestedOn = 'Requested on';
export const requestedAt = 'Requested';

export const deadLinkOpenAgain = 'Then open the link in the email again.';
export const deadLinkRequest = 'Get a new one';
export const deadLinkCode = 'Enter a code instead';

// Setting a new password (reset-page.ts).

export const resetTitle = 'Set a new password';
export const resetLead = 'You’ll be signed out on all devices.';

// The account (account-page.ts).

export const accountTitle = 'Your account';
export const accountSignedInAs = <Slot>(email: Slot) => ['Signed in as ', email];
export const accountSignOut = 'Sign out';
export const accountProfile = 'Profile';
export const accountNoName = 'Not set';
type Link = readonly [shown: string, heard: string];
export const accountAddName: Link = ['Add', 'your name'];
export const accountChangeName: Link = ['Change', 'your name'];
export const accountOrganization = 'Organization';
export const accountRoles = { owner: 'You’re an owner', admin: 'You’re an admin', member: 'You’re a member' };
export const accountSigningIn = 'Signing in';
export const accountUnverified = 'Not confirmed yet';
export const accountChangeEmail: Link = ['Change', 'your email address'];
export const accountHasPassword = 'Set';
export const accountNoPassword = 'None';
export const accountByEmail = 'You sign in by email';
export const accountChangePassword: Link = ['Change', 'your password'];
export const accountSetPassword: Link = ['Set', 'a password'];
export const accountDevices = 'Devices';
export const accountDevicesHint =
  'Where you’re signed in. If you don’t recognize a device, sign it out and change your password.';
export const accountThisDevice = 'This device';
export const accountUnknownAddress = 'Unknown address';
export const accountSignOutOthers = 'Sign out all other devices';
export const accountData = 'Your data';
export const accountDataHint = 'Everything we store about you, in one JSON file.';
export const accountDownload = 'Download your data';
export const accountDelete = 'Delete your account';

/** What other pages lead here with: `?notice=...`. */
export const accountNotices = new Map([
  ['name-changed', 'Your name has been saved.'],
  ['password-changed', 'Your password has been saved, and all other devices are signed out.'],
  ['email-changed', emailChanged],
  [
    'password-dropped',
    'Your email address is confirmed. Because it was confirmed in another browser, the account has no password: set one now, or keep signing in by email.',
  ],
  ['device-signed-out', 'The device is signed out.'],
  ['device-gone', 'That device was already signed out.'],
  ['others-signed-out', 'All other devices are signed out.'],
]);

// Its own pages (account-name-page.ts and so on).

export const accountNameTitle = 'Your name';
export const accountNameHint = 'What we call you. Leave it empty to remove it.';
export const accountNameSubmit = 'Save';

export const accountPasswordCurrent = 'Current password';
export const accountPasswordChange = { title: 'Change your password', button: 'Change password' };
export const accountPasswordSet = { title: 'Set a password', button: 'Set password' };
export const accountPasswordLead = 'This signs you out on all other devices.';

export const accountEmailTitle = 'Change your email address';
export const accountEmailLead = <Slot>(email: Slot) => [
  'We’ll email you a link to confirm the new address. Until then, keep signing in with ',
  email,
  '. We’ll also send a notification there.',
];
export const accountEmailLabel = 'New email address';
export const accountEmailSubmit = 'Email me a link';

export const accountDeleteTitle = 'Delete your account';
export const accountDeleteLead = <Slot>(email: Slot) => [
  'This deletes the account of ',
  email,
  ' right away. It can’t be undone.',
];
export const accountDeletePoints = [
  'Your profile, devices and unsent emails are deleted, and you’re signed out everywhere.',
  'Organizations with no one else in them are deleted, with everything they own.',
  'We keep a log of security events, such as sign-ins, without your name and email address.',
];
export const accountDeleteKeep = 'Want a copy?';
export const accountDeleteDownload = 'Download your data';
export const accountDeleteSubmit = 'Delete my account';
export const accountDeleteCancel = 'Keep my account';

// Before what can't be undone (confirmation.ts).

export const confirmationPassword = 'Your password';
export const confirmationWrong = 'This isn’t your current password';
export const confirmationTitle = 'Sign in again first';
export const confirmationReason =
  'Your account has no password, so you can only do this within 15 minutes of signing in.';
export const confirmationSignIn = 'Sign in again';
