/** Every limit there is. An endpoint names those it wants: `limits: limit(api)`. */
import type { Policy } from './store.ts';

// Written out: a bundle keeps every policy with a product in it, and leaves those out that are not used without.
const minute = 60_000;
const quarterHour = 900_000;
const hour = 3_600_000;
const day = 86_400_000;

/** Every endpoint that has no stricter limit. */
export const api = {
  name: 'api',
  limit: 100,
  windowMs: minute,
  keyedBy: 'caller',
  onStoreFailure: 'local',
  sparesKeys: true,
} as const satisfies Policy;

/** An API key, by the limit in its row or by its organization's plan (`plans.ts`); what stands here is the usual plan's. */
export const apiKeyLimit = {
  name: 'key',
  limit: 1000,
  windowMs: minute,
  keyedBy: 'key',
  onStoreFailure: 'local',
} as const satisfies Policy;

/** All API keys of an organization together, by its plan: twenty keys are no way around the limit of one. */
export const organizationLimit = {
  name: 'organization',
  limit: 5000,
  windowMs: minute,
  keyedBy: 'keys',
  onStoreFailure: 'local',
} as const satisfies Policy;

/** Endpoints at which something can be guessed: what fails there, from one address. */
export const auth = {
  name: 'auth',
  limit: 10,
  windowMs: quarterHour,
  keyedBy: 'address',
  onStoreFailure: 'local',
  counts: 'failures',
} as const satisfies Policy;

/**
 * How much one address may do at endpoints that hash passwords or start sessions, whether it succeeds or not: an office
 * signs in behind one address, and a flood of right passwords is work all the same.
 */
export const volume = {
  name: 'volume',
  limit: 100,
  windowMs: quarterHour,
  keyedBy: 'address',
  onStoreFailure: 'local',
} as const satisfies Policy;

/** Emails that one address may cause, to whomever; whether one was written is not told. */
export const mail = {
  name: 'mail',
  limit: 30,
  windowMs: quarterHour,
  keyedBy: 'address',
  onStoreFailure: 'local',
} as const satisfies Policy;

/**
 * Failed passwords and codes per account, from anywhere (NIST SP 800-63B, section 3.2.2: no more than 100). A device that the
 * account has been used on is counted by itself, so that strangers lock no owner out.
 */
export const account = {
  name: 'account',
  limit: 100,
  windowMs: hour,
  keyedBy: 'account',
  onStoreFailure: 'local',
  counts: 'failures',
  hidesRemaining: true,
} as const satisfies Policy;

/**
 * Emails to one mailbox that anyone can cause, so that nobody floods it. Whoever asks is not told: the answer would say
 * that somebody else has asked for emails to this address.
 */
export const mailbox = {
  name: 'mailbox',
  limit: 5,
  windowMs: hour,
  keyedBy: 'mailbox',
  onStoreFailure: 'local',
  silent: true,
} as const satisfies Policy;

/** Invitations that are mailed for one organization, whoever in it invites. Only whoever may invite is counted. */
export const invitations = {
  name: 'invitations',
  limit: 30,
  windowMs: day,
  keyedBy: 'organization',
  onStoreFailure: 'local',
} as const satisfies Policy;

/**
 * Texts of API keys that one person is told, in all organizations together: an email tells others of each, and to send none would hide
 * a key from them.
 */
export const issuedKeys = {
  name: 'issued-keys',
  limit: 50,
  windowMs: day,
  keyedBy: 'caller',
  onStoreFailure: 'local',
} as const satisfies Policy;

/** Invitations that one person has mailed, in all organizations together: else each that they make would send thirty more. */
export const inviter = {
  name: 'inviter',
  limit: 60,
  windowMs: day,
  keyedBy: 'caller',
  onStoreFailure: 'local',
} as const satisfies Policy;
