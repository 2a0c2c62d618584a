/** Emails about the safety of an account: what happened, on what kind of device, and when. */
import { type Device, toDevice } from '../core/user-agent.ts';
import { type EncryptedEmail, encryptEmail } from './encryption.ts';
import type { EmailParameters, EmailTemplate } from './parameters.ts';
import type { Keyring } from '../core/keyring.ts';

export type NotificationTemplate = {
  [Name in EmailTemplate]: { device: Device | string; at: string } extends EmailParameters[Name]
    ? Name
    : never;
}[EmailTemplate];

/** @param keyring under whose newest secret it waits in the outbox */
export function createNotification(
  template: NotificationTemplate,
  { userAgent }: { readonly userAgent: string | undefined },
  keyring: Keyring,
): EncryptedEmail {
  const eventDetails = { device: toDevice(userAgent), at: new Date().toISOString() };
  return encryptEmail(template, eventDetails, keyring);
}
