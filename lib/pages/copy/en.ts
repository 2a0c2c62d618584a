/**
 * What pages say in English. Each constant is a part of one page, so that a bundle holds those of its own page only; the
 * other languages have the same. A function stands where something is filled in, markup included. Long because a
 * translator gets one file.
 */
import type { AuditEventName } from '../../../db/audit-event-names.ts';
import type { PageProblem } from '../page-problem.ts';
import type { PagePurpose } from '../purposes.ts';

/** What is shown of a link or button, and what is heard before and after that. */
export type LinkCopy = readonly [before: string, shown: string, after: string];

/** One of a few values of a field, and what is read of it. */
type Choice = readonly [value: string, words: string];

const signIn = 'Sign in';
const forgotPassword = 'Forgot your password?';
const setNewPassword = 'Set new password';
const backToAccount = 'Back to your account';
const signUpClosed = 'Ask the people who run this service for an account.';
const emailChanged = 'Your new email address is confirmed. Use it to sign in from now on.';
const downloadData = 'Download your data';
const name = 'Name';
const emailAddress = 'Email address';
const password = 'Password';
const roles = { owner: 'Owner', admin: 'Admin', member: 'Member' };
const backToOrganization = 'Back to the organization';
const backToKeys = 'Back to the API keys';
const apiKeys = 'API keys';
const createKey = 'Create a key';

// All pages, and parts of several.

export const layoutCopy = {
  /** Before the title of a page whose form was refused: it is what a screen reader says first. */
  refusedTitle: (title: string) => `Error: ${title}`,
};

export const elapsedCopy = { justNow: 'just now' };

export const fieldCopy = { optional: '(optional)' };
export const nameFieldCopy = { label: name, takes: 'Use at most 100 characters' };
export const emailFieldCopy = {
  label: emailAddress,
  takes: 'Enter an email address, like name@example.com',
};
export const passwordFieldCopy = { label: password, takes: 'Use 8 to 256 characters' };
export const revealCopy = { show: 'Show password' };
export const newPasswordFieldCopy = {
  label: 'New password',
  hint: 'Use at least 8 characters. A few random words work well.',
};
export const codeFieldCopy = {
  label: 'Code',
  hint: 'Enter the 6-digit code from the email.',
  takes: 'Enter all 6 digits',
  /** What browsers say when something else is typed. */
  title: '6 digits',
};

// What went wrong (refusal.ts).

interface ProblemCopy {
  readonly title: string;
  /** When it is empty, `tryAgain` stands in its place. */
  readonly advice: string;
}

export const refusalCopy = {
  /** What is wrong with a field, by the code of the problem; of anything else the field says what it takes. */
  fieldErrors: {
    required: 'Fill in this field',
    'too-common': 'This password is too easy to guess. Choose another one.',
    breached: 'This password was found in a data breach. Choose another one.',
  },
  problems: {
    'malformed-request': {
      title: 'We couldn’t read the form',
      advice: 'Go back, reload the page and try again.',
    },
    'content-too-large': { title: 'That’s too much text', advice: 'Go back and shorten it.' },
    'invalid-credentials': {
      title: 'Wrong email address or password',
      advice: 'Check both, or get a sign-in link by email instead.',
    },
    'verification-invalid': {
      title: 'This link or code is not valid',
      advice:
        'Check it, or request a new one. A code works for 10 minutes, in the browser that requested it, and five times at most.',
    },
    'verification-used': {
      title: 'This link or code was already used',
      advice: 'Each one works once. If you didn’t use it, request a new one.',
    },
    'verification-expired': {
      title: 'This link or code has expired',
      advice: 'A link works for 15 minutes, or until you request a newer one. Request a new one.',
    },
    'cross-site-request': {
      title: 'This form was sent from another site',
      advice:
        'To protect your account, we only accept forms from our own pages. Open the page and try again.',
    },
    'permission-denied': {
      title: 'You don’t have permission to do this',
      advice: 'Your role in the organization doesn’t allow it. Ask one of its owners.',
    },
    'account-disabled': {
      title: 'This account is disabled',
      advice: 'You can’t sign in to it at the moment. If you think that’s a mistake, get in touch with us.',
    },
    'email-unverified': {
      title: 'Confirm your email address first',
      advice: 'Open the link in the email we sent you, or request a new one.',
    },
    'email-taken': {
      title: 'This email address already has an account',
      advice: 'Sign in with it, or use a different address.',
    },
    'organization-has-members': {
      title: 'You’re the only owner of an organization that has other members',
      advice: 'Make another member an owner or remove the other members, then delete the account.',
    },
    'sign-up-closed': { title: 'Sign-up is closed', advice: signUpClosed },
    'not-found': { title: 'Page not found', advice: 'Check the address.' },
    'password-incorrect': {
      title: 'Wrong password',
      advice: 'Nothing was changed. Try again with your current password.',
    },
    'reauthentication-required': {
      title: 'Sign in again to do this',
      advice: 'To protect your account, sign out, sign in again, and do this within 15 minutes.',
    },
    'invalid-input': { title: 'Please check what you entered', advice: 'See the fields marked below.' },
    'quota-exceeded': { title: 'Too many attempts', advice: '' },
    'internal-error': {
      title: 'Something went wrong on our side',
      advice: 'This one’s on us. Try again in a moment. If it keeps happening, let us know.',
    },
    overloaded: { title: 'We’re very busy right now', advice: '' },
    'service-unavailable': { title: 'We’ll be right back', advice: '' },
  } satisfies Record<PageProblem, ProblemCopy>,
  /** @param when such as `in 5 minutes` */
  tryAgain: (when: string) => `Try again ${when}.`,
};

// The page for what no form explains (page.ts).

export const errorPageCopy = { again: 'Try again', open: 'Open the page', requestId: 'Request ID' };

// The bare address (home-page.ts).

export const homePageCopy = {
  title: 'Accounts and sign-in',
  lead: 'People sign in and look after their account here. Programs do the same through an API.',
  signIn,
  createAccount: 'Create an account',
  developers: 'For developers',
  links: [
    ['/docs', 'API documentation', 'Every endpoint, with requests to paste'],
    ['/openapi.json', 'OpenAPI document', 'The same, for tools'],
    ['/health', 'Health', 'Whether everything is working right now'],
    ['/.well-known/jwks.json', 'Public keys', 'For services that check our tokens themselves'],
  ] as readonly (readonly [href: string, name: string, hint: string])[],
};

// Signing in (sign-in-page.ts).

export const signInPageCopy = {
  title: signIn,
  or: 'or without a password',
  byEmail: 'Email me a sign-in link',
  /** Where too many passwords were tried for the address, perhaps by others. */
  locked: 'You can sign in right away without your password.',
  createAccount: 'Create an account',
  forgotPassword,
  newVerification: 'Send a new confirmation email',
  /** What other pages lead here with: `?notice=...`. */
  notices: {
    'session-ended': 'You’ve been signed out. Sign in again to continue.',
    'signed-out': 'You’re signed out.',
    'password-reset': 'Your new password is set, and all devices are signed out. Sign in to continue.',
    'email-changed': emailChanged,
    'account-deleted': 'Your account has been deleted.',
    'sign-in-to-change-email':
      'Sign in to the account whose address you’re changing. Then open the link in the email again.',
  },
};

// Creating an account (register-page.ts).

export const registerPageCopy = {
  title: 'Create an account',
  submit: 'Create account',
  password,
  signInInstead: 'Sign in instead',
  withoutPassword: 'Continue without a password',
  closed: { title: 'Sign-up is closed', lead: signUpClosed, signIn },
};

// Requesting an email (email-request-page.ts).

export const emailRequestPageCopy = {
  withPassword: 'Sign in with a password',
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

// What an email is for, on the button that uses its link or code.

export const purposeButtonCopy = {
  'sign-in': signIn,
  'email-verification': 'Confirm and sign in',
  'password-reset': 'Continue',
  'email-change': 'Confirm',
} satisfies Record<PagePurpose, string>;

// After an email was requested (code-page.ts).

const emailSent = <Slot>(address: Slot) => ['We sent an email to ', address, '.'];

export const codePageCopy = {
  title: 'Enter your code',
  titleAfterEmail: 'Check your email',
  /** Where it would tell of an account, whether an email was sent is not told. */
  sent: {
    'sign-in': <Slot>(address: Slot) => ['If ', address, ' can sign in here, we sent an email to it.'],
    'email-verification': emailSent,
    'password-reset': <Slot>(address: Slot) => [
      'If there’s an account for ',
      address,
      ', we sent an email to it.',
    ],
    'email-change': emailSent,
  } satisfies Record<PagePurpose, typeof emailSent>,
  next: 'Open the link in this browser, or enter the 6-digit code.',
  again: 'Send it again',
  otherAddress: 'Use a different address',
  noEmail: 'Get a code by email',
  setNewPassword,
  help: 'The email can take a minute to arrive. If you don’t see it, check your spam folder. The link works for 15 minutes, the code for 10.',
};

// Opening its link (link-page.ts).

export const landingPageCopy = {
  titles: {
    'sign-in': signIn,
    'email-verification': 'Confirm your email address',
    'password-reset': 'Set a new password',
    'email-change': 'Confirm your new email address',
  } satisfies Record<PagePurpose, string>,
  lead: 'Press the button to continue. Nothing has happened yet.',
  byCode: 'To continue, enter the code from the same email, in the browser where you requested it.',
};

export const confirmPageCopy = {
  title: 'Did you request this?',
  lead: 'This link was requested in another browser.',
  meanings: {
    'sign-in': 'You’ll be signed in to this account in this browser.',
    'email-verification':
      'The address will be confirmed, and you’ll be signed in to this account in this browser.',
    'email-change': 'This will become the address of the account that requested it.',
  },
  buttons: {
    'sign-in': 'Sign in here',
    'email-verification': 'Confirm and sign in here',
    'email-change': 'Confirm',
  },
  /** Of an account that was created in another browser, perhaps by somebody else. */
  password: 'Your password',
  passwordHint:
    'If you created this account, enter the password you chose. Without it, the password is removed and you can set a new one.',
  cancel: 'No, cancel',
  warning: 'If someone sent you this link, or it isn’t your account, cancel: the link expires on its own.',
};

/** Of a link that leads on to an app. */
export const appLinkCopy = {
  leads: <Slot>(app: Slot) => ['This link leads on to ', app, '.'],
  sameDevice: 'It signs you in only where you requested it: in the same browser, or on the same device.',
  meanings: {
    'sign-in': 'You’ll be signed in to this account there.',
    'email-verification': 'The address will be confirmed, and you’ll be signed in to this account there.',
  },
};

export const factsCopy = { email: emailAddress, device: 'Requested on', time: 'Requested' };

export const deadLinkPageCopy = {
  openAgain: 'Then open the link in the email again.',
  request: 'Get a new one',
  enterCode: 'Enter a code instead',
  signIn,
};

// An invitation, and a link to join by (invitation-page.ts).

export const tokenFieldCopy = {
  label: 'Link from the email',
  hint: 'Copy the whole link and paste it here.',
  takes: 'Paste the whole link',
};

/** Why neither lets anybody in. */
export const invitationRefusalCopy = {
  'already-member': {
    title: 'You’re already in this organization',
    advice: 'There’s nothing left to do: sign in to work in it.',
  },
  'invitation-for-another-address': {
    title: 'This invitation is for another email address',
    advice: 'You’re signed in with a different address than the one that was invited.',
  },
  'invitation-invalid': {
    title: 'This invitation is not valid',
    advice:
      'It may have been taken back or replaced by a newer email. Use the newest one, or ask whoever invited you.',
  },
  'too-many-organizations': {
    title: 'One person can’t own more organizations',
    advice: 'Hand one of yours over or delete it, then open the link in the email again.',
  },
  'invitation-used': {
    title: 'This invitation was already used',
    advice: 'It was accepted or declined before, or as many people have joined by it as could.',
  },
  'invitation-expired': {
    title: 'This invitation has expired',
    advice: 'Ask whoever invited you for another one.',
  },
  'email-domain-refused': {
    title: 'This link is for other email addresses',
    advice: 'Sign in with an address of the organization’s domain, or ask for an invitation by email.',
  },
};

export const invitationPageCopy = {
  title: 'You’re invited',
  lead: 'Press a button to continue. Nothing has happened yet.',
  accept: 'Accept the invitation',
  decline: 'Decline',
  check: 'Check who invites you before you accept.',
  inviter: 'Invited by',
  unknown: 'Someone who is no longer there',
  organization: 'Organization',
  role: 'Your role',
  roles,
  email: emailAddress,
  meaning:
    'In this browser, you’ll be signed in to the account of the invited address. If there’s none yet, it’s created now.',
  acceptAndSignIn: 'Accept and sign in',
  signOutAndAccept: 'Sign out and accept',
  stay: 'Stay signed in',
  openAgain: 'Then open the link again.',
  declined: {
    title: 'You declined the invitation',
    lead: 'Nobody can use it any more. If you change your mind, ask for another one.',
  },
  signIn,
};

export const joinPageCopy = {
  title: 'Join an organization',
  lead: 'Press the button to join. Nothing has happened yet.',
  label: 'Link to join',
  submit: 'Join',
  signInFirst: 'Sign in to join',
  signInLead:
    'To join you need an account with a confirmed email address. Sign in or create an account, then open the link again.',
  createAccount: 'Create an account',
  account: 'Your account',
};

// Setting a new password (reset-page.ts).

export const resetPageCopy = {
  title: 'Set a new password',
  lead: 'You’ll be signed out on all devices.',
  email: emailAddress,
  submit: setNewPassword,
};

// The account (account-page.ts).

export const accountPageCopy = {
  title: 'Your account',
  signedInAs: <Slot>(email: Slot) => ['Signed in as ', email],
  signOut: 'Sign out',
  signOutDevice: (device: string): LinkCopy => ['', 'Sign out', device],
  profile: 'Profile',
  name,
  noName: 'Not set',
  addName: ['', 'Add', 'your name'] as LinkCopy,
  changeName: ['', 'Change', 'your name'] as LinkCopy,
  locale: 'Language of emails',
  changeLocale: ['', 'Change', 'the language of emails'] as LinkCopy,
  organization: 'Organization',
  noOrganization: 'None',
  seeOrganizations: ['', 'Show', 'your organizations'] as LinkCopy,
  roles: { owner: 'You’re an owner', admin: 'You’re an admin', member: 'You’re a member' },
  signingIn: 'Signing in',
  email: emailAddress,
  unverified: 'Not confirmed yet',
  changeEmail: ['', 'Change', 'your email address'] as LinkCopy,
  password,
  hasPassword: 'Set',
  noPassword: 'None',
  byEmail: 'You sign in by email',
  changePassword: ['', 'Change', 'your password'] as LinkCopy,
  setPassword: ['', 'Set', 'a password'] as LinkCopy,
  devices: 'Devices',
  devicesHint:
    'Where you’re signed in. If you don’t recognize a device, sign it out and change your password.',
  thisDevice: 'This device',
  unknownAddress: 'Unknown address',
  signOutOthers: 'Sign out all other devices',
  activity: 'Recent activity',
  data: 'Your data',
  dataHint: 'Everything we store about you, in one JSON file.',
  download: downloadData,
  delete: 'Delete your account',
  /** What other pages lead here with: `?notice=...`. */
  notices: {
    'profile-changed': 'Your profile has been saved.',
    'password-changed': 'Your password has been saved, and all other devices are signed out.',
    'email-changed': emailChanged,
    'password-dropped':
      'Your email address is confirmed. Because it was confirmed in another browser, the account has no password: set one now, or keep signing in by email.',
    'device-signed-out': 'The device is signed out.',
    'device-gone': 'That device was already signed out.',
    'others-signed-out': 'All other devices are signed out.',
  },
};

// Its own pages (account-name-page.ts and so on).

export const accountNamePageCopy = {
  title: 'Your profile',
  locale: 'Language of emails',
  localeHint: 'These pages follow the language of your browser.',
  hint: 'What we call you. Leave it empty to remove it.',
  submit: 'Save',
  back: backToAccount,
};

export const accountPasswordPageCopy = {
  change: { title: 'Change your password', button: 'Change password' },
  set: { title: 'Set a password', button: 'Set password' },
  lead: 'This signs you out on all other devices.',
  current: 'Current password',
  forgotPassword,
  back: backToAccount,
};

export const accountEmailPageCopy = {
  title: 'Change your email address',
  lead: <Slot>(email: Slot) => [
    'We’ll email you a link to confirm the new address. Until then, keep signing in with ',
    email,
    '. We’ll also send a notification there.',
  ],
  label: 'New email address',
  submit: 'Email me a link',
  back: backToAccount,
};

export const accountActivityPageCopy = {
  title: 'Activity',
  lead: 'What happened in your account. If you don’t recognize something, change your password.',
  nothing: 'Nothing older is kept.',
  older: 'Older activity',
  back: backToAccount,
  operator: 'by the people who run this service',
  events: {
    'account.deleted': 'The account was deleted',
    'account.disabled': 'Your account was disabled by whoever runs this service',
    'account.enabled': 'Your account was enabled again',
    'account.exported': 'Your data was exported by whoever runs this service',
    'account.registered': 'You created your account',
    'api_key.created': 'An API key was made',
    'api_key.reported': 'An API key was revoked because someone had found it',
    'api_key.revoked': 'An API key was revoked',
    'api_key.rotated': 'An API key was replaced',
    'api_key.updated': 'An API key was changed',
    'email.changed': 'Your email address was changed',
    'email.verified': 'Your email address was confirmed',
    'invitation.declined': 'An invitation was declined',
    'invitation.revoked': 'An invitation was taken back',
    'join_link.created': 'A link for joining was created',
    'join_link.revoked': 'A link for joining was turned off',
    'member.invited': 'Someone was invited',
    'member.joined': 'You joined an organization',
    'member.left': 'You left an organization',
    'member.removed': 'You were removed from an organization',
    'member.role_changed': 'Your role was changed',
    'organization.created': 'You created an organization',
    'organization.deleted': 'An organization was deleted',
    'organization.plan_changed': 'The plan of an organization was changed',
    'organization.renamed': 'You renamed an organization',
    'organization.purged': 'An organization was deleted for good',
    'organization.restored': 'An organization was restored',
    'organization.transferred': 'An organization was handed over',
    'password.changed': 'Your password was changed',
    'password.reset': 'Your password was reset',
    'session.code_reused': 'A sign-in code was used twice, so a device was signed out',
    'session.displaced': 'A device was signed out because there were too many',
    'session.all_revoked': 'All devices were signed out by whoever runs this service',
    'session.others_revoked': 'All other devices were signed out',
    'session.refresh_token_reused': 'A copied sign-in was noticed, so a device was signed out',
    'session.refresh_token_shared': 'A sign-in was used on two devices, so both were signed out',
    'session.revoked': 'A device was signed out',
    'session.signed_out': 'You signed out',
    'session.started': 'You signed in',
    'sign_in.refused': 'Someone tried to sign in with a wrong password',
  } satisfies Record<AuditEventName, string>,
  /** Where the reader did it to somebody else. */
  toOthers: {
    'member.removed': 'You removed a member',
    'member.role_changed': 'You changed a member’s role',
  },
};

export const accountDeletePageCopy = {
  title: 'Delete your account',
  lead: <Slot>(email: Slot) => ['This deletes the account of ', email, ' right away. It can’t be undone.'],
  points: [
    'Your profile, devices and unsent emails are deleted, and you’re signed out everywhere.',
    'Organizations with no one else in them are deleted, with everything they own.',
    'We keep a log of security events, such as sign-ins, without your name and email address.',
  ],
  keep: 'Want a copy?',
  download: downloadData,
  submit: 'Delete my account',
  cancel: 'Keep my account',
};

// Before what can't be undone (confirmation.ts).

export const confirmationCopy = {
  password: 'Your password',
  wrong: 'This isn’t your current password',
  title: 'Sign in again first',
  reason: 'Your account has no password, so you can only do this within 15 minutes of signing in.',
  signIn: 'Sign in again',
  back: backToAccount,
};

// Organizations: parts of several pages.

export const roleFieldCopy = { label: 'Role', roles };

/** What went wrong, where no other page has to say it (organization-refusal.ts). */
export const organizationRefusalCopy = {
  back: 'Go back',
  problems: {
    'not-found': {
      title: 'It’s no longer there',
      advice: 'It may have been changed or removed in the meantime. Nothing was changed now.',
    },
    'last-owner': {
      title: 'You’re the only owner',
      advice:
        'An organization needs an owner. Make another member an owner first, or delete the organization.',
    },
    'slug-taken': {
      title: 'This short name is taken',
      advice: 'Choose another one. That of a deleted organization stays taken for a while.',
    },
    'too-many-organizations': {
      title: 'One person can’t own more organizations',
      advice: 'Whoever is to own it has to hand another one over or delete it first.',
    },
    'too-many-invitations': {
      title: 'Too many invitations are open',
      advice: 'Take back those that nobody needs any more, the expired ones too.',
    },
    'too-many-api-keys': {
      title: 'There are as many of these API keys as there can be',
      advice:
        'An organization has 100 of its own at most, and each person 20 in it. Revoke those that nobody needs any more.',
    },
    'already-member': {
      title: 'This person is already a member',
      advice: 'You find them among the members.',
    },
    'invitation-used': {
      title: 'This invitation was already used',
      advice: 'It was accepted or declined before.',
    },
    'invitation-expired': {
      title: 'This invitation has expired',
      advice: 'Ask whoever invited you for another one.',
    },
  },
};

export const organizationFieldsCopy = {
  name: 'Name',
  nameTakes: 'Use 1 to 100 characters',
  slug: 'Short name',
  slugHint: 'It names the organization in invitations. Small letters, digits and single hyphens.',
  slugTakes: 'Use small letters and digits, with single hyphens between them, 63 at most',
};

// The organizations of a person (account-organizations-page.ts).

export const accountOrganizationsPageCopy = {
  title: 'Your organizations',
  lead: 'This browser works in one of them at a time.',
  none: 'You’re not in an organization. Create one, or ask someone to invite you.',
  roles,
  current: 'Current',
  open: (name: string): LinkCopy => ['', 'Open', name],
  switch: (name: string): LinkCopy => ['', 'Switch', `to ${name}`],
  leave: (name: string): LinkCopy => ['', 'Leave', name],
  leaveMeaning: 'You’ll lose access to it, and can only come back if someone invites you.',
  leaveButton: (name: string): LinkCopy => ['', 'Leave the organization', name],
  invitations: 'Invitations',
  invitedBy: <Slot>(inviter: Slot) => ['Invited by ', inviter],
  unknown: 'someone who is no longer there',
  accept: (name: string): LinkCopy => ['', 'Accept', `the invitation to ${name}`],
  decline: (name: string): LinkCopy => ['', 'Decline', `the invitation to ${name}`],
  noInvitations: 'There’s none for your email address.',
  unverified: 'Once your email address is confirmed, you’ll find the invitations for it here.',
  verify: 'Send a new confirmation email',
  create: 'Create an organization',
  slugHint: 'Leave it empty, and one is made of the name.',
  createButton: 'Create',
  back: backToAccount,
  notices: {
    created: 'The organization is created. Switch to it to invite people.',
    left: 'You’ve left the organization.',
    declined: 'You’ve declined the invitation.',
    deleted: 'The organization is deleted.',
    choose: 'Switch to an organization first, or create one.',
  },
};

// The current organization (organization-page.ts and so on).

export const organizationPageCopy = {
  name: 'Name',
  slug: 'Short name',
  role: 'Your role',
  roles,
  members: ['Members', 'Who is in it, and as what'] as readonly [name: string, hint: string],
  invitations: ['Invitations', 'Invite people by email or by a link'] as readonly [
    name: string,
    hint: string,
  ],
  keys: [apiKeys, 'For programs, and how often they’re used'] as readonly [name: string, hint: string],
  rename: 'Rename',
  renameButton: 'Save',
  owner: 'Ownership',
  transfer: 'Hand it over',
  delete: 'Delete it',
  organizations: 'Your organizations',
  back: backToOrganization,
  notices: {
    joined: 'You’ve joined the organization.',
    switched: 'You’re working in this organization now.',
    renamed: 'The organization is renamed.',
    'handed-over': 'The organization is handed over. You’re an admin of it now.',
  },
};

export const organizationMembersPageCopy = {
  title: 'Members',
  you: 'You',
  change: (who: string): LinkCopy => ['', 'Change', who],
  role: (who: string): LinkCopy => ['', 'Role', `of ${who}`],
  changeRole: (who: string): LinkCopy => ['', 'Change role', `of ${who}`],
  remove: (who: string): LinkCopy => ['', 'Remove', who],
  removeMeaning: 'They lose access right away, and can only come back if someone invites them.',
  more: 'More members',
  back: backToOrganization,
  notices: {
    'role-changed': 'The role is changed.',
    removed: 'The member is removed.',
  },
};

export const organizationInvitationsPageCopy = {
  title: 'Invitations',
  invite: 'Invite someone',
  inviteHint: 'They get an email with a link that works for 7 days. They don’t need an account yet.',
  email: emailAddress,
  inviteButton: 'Send invitation',
  unverified: 'To invite people, confirm your own email address first: it stands in the email.',
  verify: 'Send a new confirmation email',
  open: 'Open invitations',
  none: 'No invitation is open.',
  until: <Slot>(time: Slot) => ['until ', time],
  expired: 'Expired',
  resend: (email: string): LinkCopy => ['', 'Send again', `to ${email}`],
  revoke: (email: string): LinkCopy => ['', 'Take back', `the invitation to ${email}`],
  link: 'Link to join',
  linkHint: 'Whoever has the link and a confirmed email address can join as a member.',
  linkUnverified: 'To create one, confirm your own email address first.',
  anyDomain: 'Any email address',
  domainOnly: <Slot>(domain: Slot) => ['Only addresses at ', domain],
  uses: (uses: number, maximum: number | null) =>
    maximum === null ? `${uses} joined` : `${uses} of ${maximum} joined`,
  turnOff: 'Turn the link off',
  make: 'Create a link',
  makeAnother: 'Create another link',
  replaces: 'The link that there is stops working.',
  domain: 'Only for addresses at',
  domainHint: 'Such as example.com. Leave it empty to let in any address.',
  domainTakes: 'Enter a domain, like example.com',
  maximumUses: 'How many people can join',
  maximumUsesHint: 'Leave it empty for as many as like.',
  maximumUsesTakes: 'Enter a number from 1 to 10000',
  days: 'Works for',
  dayChoices: [
    ['1', '1 day'],
    ['7', '7 days'],
    ['30', '30 days'],
  ] as readonly Choice[],
  makeButton: 'Create link',
  made: {
    title: 'The link is ready',
    lead: 'Copy it now: it’s shown only this once. Send it to people you trust.',
    label: 'Link to join',
  },
  madeBefore: {
    title: 'The link was created already',
    lead: 'The form was sent again, and no second link was created. The link was shown once, and can’t be shown again: if nobody copied it, go back and create another one.',
  },
  back: backToOrganization,
  backToInvitations: 'Back to the invitations',
  notices: {
    invited: 'The invitation is on its way.',
    resent: 'The invitation works for another 7 days.',
    revoked: 'The invitation is taken back.',
    'link-off': 'Nobody can join by the link any more.',
  },
};

/** Before what only a recent sign-in may do. */
const signInReason = 'You can only do this within 15 minutes of signing in.';

export const organizationTransferPageCopy = {
  title: 'Hand the organization over',
  lead: <Slot>(name: Slot) => [
    'Another member becomes an owner of ',
    name,
    ', and you an admin. We’ll email both of you.',
  ],
  nobody: 'There’s no other member to hand it over to.',
  label: 'New owner',
  more: 'More members',
  submit: 'Hand it over',
  signInReason,
  back: backToOrganization,
};

export const organizationDeletePageCopy = {
  title: 'Delete the organization',
  lead: <Slot>(name: Slot) => ['This deletes ', name, ' for everyone in it, right away.'],
  points: [
    'Its members keep their accounts, but lose access to it.',
    'Its invitations and its link to join stop working.',
    'For 30 days the people who run this service can restore it.',
  ],
  slugLabel: (slug: string) => `To confirm, type ${slug}`,
  slugTakes: 'Type the short name as it stands above',
  submit: 'Delete the organization',
  cancel: 'Keep it',
  signInReason,
};

export const organizationKeysPageCopy = {
  title: apiKeys,
  keys: 'Keys',
  none: 'There’s no key yet.',
  create: createKey,
  personal: 'Personal',
  limit: (requests: string, seconds: string) => `${requests} requests in ${seconds} s`,
  expires: <Slot>(time: Slot) => ['expires ', time],
  expired: 'expired',
  never: 'never expires',
  clientId: 'Client ID',
  lastUsed: <Slot>(time: Slot) => ['last used ', time],
  neverUsed: 'not used yet',
  previous: <Slot>(time: Slot) => ['The key before works until ', time],
  change: (name: string): LinkCopy => ['', 'Change', name],
  rotateMeaning: 'The new key can do the same. It’s shown once.',
  overlap: (name: string): LinkCopy => ['', 'The present key goes on working for', `(${name})`],
  overlaps: [
    ['0', 'No longer'],
    ['3600', '1 hour'],
    ['86400', '1 day'],
    ['604800', '7 days'],
  ] as readonly Choice[],
  rotate: (name: string): LinkCopy => ['', 'Replace', name],
  revokeMeaning: 'A program that still has the key is refused right away, for good.',
  revoke: (name: string): LinkCopy => ['', 'Revoke', name],
  signInReason,
  usage: 'Usage by day',
  back: backToOrganization,
  notices: { revoked: 'The key is revoked.' },
};

export const apiKeyFormCopy = {
  title: createKey,
  hint: 'For a program. An email tells of each key that’s created or replaced.',
  name: {
    label: name,
    hint: 'What the key is for, like Importer.',
    takes: 'Use 1 to 100 characters',
  },
  belongsTo: 'Belongs to',
  owners: [
    ['organization', 'The organization'],
    ['person', 'Me, for as long as I’m a member'],
  ] as readonly Choice[],
  scopes: 'What it can do',
  scopesTakes: 'Choose at least one',
  expiry: 'Works for',
  expiries: [
    ['30', '30 days'],
    ['90', '90 days'],
    ['365', '1 year'],
  ] as readonly Choice[],
  never: 'As long as nobody revokes it',
  limit: {
    label: 'How many requests',
    hint: 'Leave it empty for as many as the plan allows.',
    takes: 'Enter a number from 1 to 100000',
  },
  window: 'In any',
  windows: [
    ['1', 'second'],
    ['60', 'minute'],
    ['3600', 'hour'],
    ['86400', 'day'],
  ] as readonly Choice[],
  submit: 'Create key',
  back: backToKeys,
};

export const issuedKeyPageCopy = {
  title: 'The key is ready',
  lead: 'Copy it now: it’s shown only this once. Keep it where only the program can read it.',
  label: 'API key',
  clientId: {
    label: 'Client ID',
    hint: 'For programs that ask for tokens by client credentials. The list of keys shows it, too.',
  },
  back: backToKeys,
};

export const formerKeyPageCopy = {
  create: {
    title: 'The key was created already',
    lead: (name: string) =>
      `The form was sent again, and no second key was created. ${name} was shown once, and can’t be shown again: if nobody copied it, revoke it and create another one.`,
  },
  rotate: {
    title: 'The key was replaced already',
    lead: (name: string) =>
      `Nothing was changed: ${name} has been replaced since the form was shown. The new key was shown once, and can’t be shown again: if nobody copied it, go back and replace it once more.`,
  },
  back: backToKeys,
};

export const organizationUsagePageCopy = {
  title: 'Usage of API keys',
  hint: 'The last 30 days, each from midnight to midnight UTC. The last minute may be missing.',
  none: 'No key was used.',
  sum: (requests: string, refused: string) => `Requests: ${requests}, refused: ${refused}`,
  most: (requests: string) => `Most in a day: ${requests}`,
  day: 'Day',
  requests: 'Requests',
  answered: 'Answered',
  refused: 'Refused',
  asTable: 'Show as a table',
  keys: backToKeys,
  back: backToOrganization,
};
