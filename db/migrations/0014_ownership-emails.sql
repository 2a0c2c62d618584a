-- Nothing has written or read them: an invitation is accepted by its link alone. A router of the release before names neither.
ALTER TABLE "invitations" DROP COLUMN "code_hash";--> statement-breakpoint
ALTER TABLE "invitations" DROP COLUMN "code_tries";--> statement-breakpoint
-- Not checked again: what is there was held to fewer names. Whoever sends is not kept waiting for a look at every row.
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_letter_known";--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_letter_known" CHECK ("outbox"."letter" in ('sign-in', 'sign-up', 'email-verification', 'password-reset', 'email-change', 'email-change-asked', 'email-changed', 'already-registered', 'new-device', 'password-changed', 'session-ended', 'codes-refused', 'invitation', 'organization-handed-over', 'organization-received')) NOT VALID;