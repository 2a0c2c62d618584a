/** Every email that Blockbot writes, and what goes into it. */
import type { VerificationPurpose } from '../../db/schema.ts';
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
}

export type EmailTemplate = keyof EmailParameters;

/** Where the link of an email leads: the landing page, with what it is for. The token stands in the fragment. */
export function toLink(publicUrl: string, purpose: VerificationPurpose, token: string): string {
  return `${publicUrl}/auth/magic-link?for=${purpose}#${token}`;
}
