DROP VIEW "public"."live_sessions";--> statement-breakpoint
ALTER TABLE "magic_links" ADD COLUMN "session_id" uuid;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD COLUMN "rotated_address" "inet";--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD COLUMN "late_generation" integer;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD COLUMN "late_run" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "registration_nonce_hash" "bytea";--> statement-breakpoint
ALTER TABLE "magic_links" ADD CONSTRAINT "magic_links_session_id_refresh_tokens_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."refresh_tokens"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_refusals_index" ON "audit_events" USING btree ("occurred_at") WHERE "audit_events"."event" = 'sign-in.refused';--> statement-breakpoint
CREATE INDEX "magic_links_session_id_index" ON "magic_links" USING btree ("session_id");--> statement-breakpoint
CREATE VIEW "public"."live_sessions" AS (select "id", "user_id", "organization_id", "nonce_hash", "counter", "amr", "user_agent", "address", "created_at", "rotated_at", "rotated_address", "late_generation", "late_run", "expires_at", "revoked_at" from "refresh_tokens" where "refresh_tokens"."revoked_at" is null
        and "refresh_tokens"."expires_at" > now()
        and "refresh_tokens"."rotated_at" > now() - interval '30 days');