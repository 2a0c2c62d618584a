ALTER TABLE "refresh_tokens" ADD COLUMN "rotated_device" "bytea";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "device_tokens_since" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
-- Replaced and not dropped, so that the routers that run keep their right to read it.
CREATE OR REPLACE VIEW "public"."live_sessions" AS (select "id", "user_id", "organization_id", "nonce_hash", "counter", "amr", "user_agent", "address", "created_at", "rotated_at", "rotated_address", "late_generation", "late_run", "expires_at", "revoked_at", "rotated_device" from "refresh_tokens" where "refresh_tokens"."revoked_at" is null
        and "refresh_tokens"."expires_at" > now()
        and "refresh_tokens"."rotated_at" > now() - interval '30 days');
