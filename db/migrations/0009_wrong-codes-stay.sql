ALTER TABLE "magic_links" DROP CONSTRAINT "magic_links_user_id_users_id_fk";
--> statement-breakpoint
ALTER TABLE "magic_links" DROP CONSTRAINT "magic_links_session_id_refresh_tokens_id_fk";
--> statement-breakpoint
ALTER TABLE "magic_links" ADD CONSTRAINT "magic_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "magic_links" ADD CONSTRAINT "magic_links_session_id_refresh_tokens_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."refresh_tokens"("id") ON DELETE set null ON UPDATE no action;