-- Emails and invitations can't be written while these are made: some seconds for each million rows that there are.
CREATE INDEX "invitations_organization_id_index" ON "invitations" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "outbox_user_id_index" ON "outbox" USING btree ("user_id") WHERE "outbox"."user_id" is not null;