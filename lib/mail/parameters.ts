/** Every letter that Blockbot writes, and what it needs to know. */
import type { ProofPurpose } from '../../db/schema.ts';

/** A mailed proof: the link's token and the code for another device. */
interface ProofParameters {
  readonly token: string;
  readonly code: string;
}

/** What a security notice tells of where something happened. */
interface OccasionParameters {
  /** Such as `Firefox on Linux` (`device.ts`). */
  readonly device: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

export interface LetterParameters {
  /** To an address that has an account. */
  readonly 'sign-in': ProofParameters;
  /** To an address that has none yet, where anyone may make one. */
  readonly 'sign-up': ProofParameters;
  readonly 'email-verification': ProofParameters;
  readonly 'password-reset': ProofParameters;
  /** To the new address, which confirms. */
  readonly 'email-change': ProofParameters;
  /** To the old address, when the change was asked for and when it was made. */
  readonly 'email-change-asked': OccasionParameters;
  readonly 'email-changed': OccasionParameters;
  /** Somebody registered an address that has an account. */
  readonly 'already-registered': OccasionParameters;
  readonly 'new-device': OccasionParameters;
  readonly 'password-changed': OccasionParameters;
  /** A refresh token came back that was replaced long ago. */
  readonly 'session-ended': OccasionParameters;
}

export type LetterName = keyof LetterParameters;

/** Where the link of a letter leads: the landing page, with what it is for. The token stands in the fragment. */
export function toLink(publicUrl: string, purpose: ProofPurpose, token: string): string {
  return `${publicUrl}/auth/magic-link?for=${purpose}#${token}`;
}
