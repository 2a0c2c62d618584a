/**
 * Invitations into an organization. Each has a token of 32 random bytes that its newest email carries, and that shows that its
 * bearer reads the mailbox; only its SHA-256 is at rest. It is open until it is accepted, declined or revoked, and can be
 * accepted for 7 days since its newest email.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../../db/schema.ts';
import { fragment } from '../../db/sql.ts';

/** As those see it who may invite. */
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  /** Who sent it; null once they have no account any more. */
  readonly invitedBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** On the wire. How many emails went out is told to nobody: it would tell of other people's emails to that address. */
export function toInvitation({ id, email, role, invitedBy, createdAt, expiresAt }: Invitation) {
  return {
    id,
    email,
    role,
    invited_by: invitedBy,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  };
}

export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}

/** A condition on `invitations`: nobody has ended it, though it may have expired. */
export const isOpen = fragment`accepted_at is null and declined_at is null and revoked_at is null`;
