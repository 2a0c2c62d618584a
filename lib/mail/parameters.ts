/** Every email that Blockbot writes, and what goes into it. */
import type { Language } from '../../db/languages.ts';
import type { Role, VerificationPurpose } from '../../db/schema.ts';
import type { Device } from '../core/user-agent.ts';

/** A mailed verification: the link's token and the code for another device. */
interface VerificationParameters {
  readonly token: string;
  readonly code: string;
  /** Of the request that asked for it (RFC 9110, section 12.5.4). */
  readonly acceptLanguage: string | undefined;
}

/** What a security notification says about where something happened. */
interface EventParameters {
  /** A release that knew one language wrote its name instead. */
  readonly device: Device | string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** What happened to an API key. Its name is somebody's choice, and not in it. */
interface ApiKeyEventParameters extends EventParameters {
  /** `bbk_` and its id. */
  readonly keyStart: string;
  /** Of the organization, as in an invitation. */
  readonly slug: string;
}

/** An invitation into an organization. Nothing in it is a text of the inviter's choice. */
interface InvitationParameters {
  readonly token: string;
  /** The verified address of who invites. */
  readonly inviter: string;
  /** Of the organization, never its name: small letters, digits and hyphens make no link and say little. */
  readonly slug: string;
  readonly role: Role;
  /** Of the inviter, for a reader of whom none is known. */
  readonly inviterLanguage: Language;
}

/** An organization that was handed over. Nothing in it is a text that somebody chose. */
interface TransferParameters {
  /** As of an invitation. */
  readonly slug: string;
  /** The address of who was its owner; null where nobody has proven it, since it would be a text of their choice. */
  readonly formerOwner: string | null;
  /** The same of who owns it now. */
  readonly newOwner: string | null;
  /** RFC 3339, UTC. */
  readonly at: string;
}

export interface EmailParameters {
  /** To an address that has an account. */
  readonly 'sign-in': VerificationParameters;
  /** To an address that has none yet, where anyone may make one. */
  readonly 'sign-up': VerificationParameters;
  readonly 'email-verification': VerificationParameters;
  readonly 'password-reset': VerificationParameters;
  /** To the new address, which confirms. */
  readonly 'email-change': VerificationParameters;
  /** To the old address, when the change was asked for and when it was made. */
  readonly 'email-change-asked': EventParameters;
  readonly 'email-changed': EventParameters;
  /** Somebody registered an address that has an account. */
  readonly 'already-registered': EventParameters;
  /** So many wrong codes were tried that only links work for a day. */
  readonly 'codes-refused': EventParameters;
  readonly 'new-device': EventParameters;
  readonly 'password-changed': EventParameters;
  /** A refresh token came back that was replaced long ago. */
  readonly 'session-ended': EventParameters;
  /** To the owners of its organization, or to whose it is. */
  readonly 'api-key-created': ApiKeyEventParameters;
  readonly 'api-key-rotated': ApiKeyEventParameters;
  /** Somebody had found it, and it was revoked. */
  readonly 'api-key-reported': ApiKeyEventParameters;
  readonly invitation: InvitationParameters;
  /** To who was the owner, and to who is it now. */
  readonly 'organization-handed-over': TransferParameters;
  readonly 'organization-received': TransferParameters;
}

export type EmailTemplate = keyof EmailParameters;

/** Where the link of an email leads: the landing page, with what it is for. The token stands in the fragment. */
export function toLink(publicUrl: string, purpose: VerificationPurpose, token: string): string {
  return `${publicUrl}/auth/magic-link?for=${purpose}#${token}`;
}

/** The same for an invitation, whose page is its own: it lives for days, and leads to an organization. */
export function toInvitationLink(publicUrl: string, token: string): string {
  return `${publicUrl}/auth/invitation#${token}`;
}
