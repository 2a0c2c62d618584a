-- Sign-ins wait while these are made, as each may write an email. Whoever has them already, made concurrently, waits for nothing.
CREATE INDEX IF NOT EXISTS "invitations_organization_id_index" ON "invitations" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "outbox_user_id_index" ON "outbox" USING btree ("user_id") WHERE "outbox"."user_id" is not null;