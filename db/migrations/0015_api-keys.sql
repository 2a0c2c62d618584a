-- What a running router of the release before knows stays. Its rows are not looked through: nobody waits, and each was held to less.
CREATE TABLE "api_key_usage" (
	"key_id" uuid NOT NULL,
	"day" date NOT NULL,
	"requests" bigint NOT NULL,
	"refused" bigint NOT NULL,
	CONSTRAINT "api_key_usage_key_id_day_pk" PRIMARY KEY("key_id","day")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"user_id" uuid,
	"name" text NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"previous_hash" "bytea",
	"previous_until" timestamp with time zone,
	"scopes" text[] NOT NULL,
	"limit_requests" integer,
	"limit_seconds" integer,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"last_used_network" "cidr",
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_limit_whole" CHECK (("api_keys"."limit_requests" is null) = ("api_keys"."limit_seconds" is null)),
	CONSTRAINT "api_keys_previous_ends" CHECK (("api_keys"."previous_hash" is null) = ("api_keys"."previous_until" is null))
);
--> statement-breakpoint
ALTER TABLE "audit_events" DROP CONSTRAINT "audit_events_event_known";--> statement-breakpoint
ALTER TABLE "audit_events" DROP CONSTRAINT "audit_events_target_kind_known";--> statement-breakpoint
ALTER TABLE "outbox" DROP CONSTRAINT "outbox_letter_known";--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "plan" text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_key_usage" ADD CONSTRAINT "api_key_usage_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_key_usage_day_index" ON "api_key_usage" USING btree ("day");--> statement-breakpoint
CREATE INDEX "api_keys_organization_id_index" ON "api_keys" USING btree ("organization_id","created_at");--> statement-breakpoint
CREATE INDEX "api_keys_user_id_index" ON "api_keys" USING btree ("user_id") WHERE "api_keys"."user_id" is not null;--> statement-breakpoint
CREATE INDEX "api_keys_created_by_index" ON "api_keys" USING btree ("created_by");--> statement-breakpoint
CREATE INDEX "api_keys_end_index" ON "api_keys" USING btree (least("revoked_at", "expires_at"));--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_event_known" CHECK ("audit_events"."event" in ('account.deleted', 'account.disabled', 'account.enabled', 'account.exported', 'account.registered', 'api_key.created', 'api_key.reported', 'api_key.revoked', 'api_key.rotated', 'api_key.updated', 'email.changed', 'email.verified', 'invitation.declined', 'invitation.revoked', 'join_link.created', 'join_link.revoked', 'member.invited', 'member.joined', 'member.left', 'member.removed', 'member.role_changed', 'organization.created', 'organization.deleted', 'organization.plan_changed', 'organization.purged', 'organization.renamed', 'organization.restored', 'organization.transferred', 'password.changed', 'password.reset', 'session.all_revoked', 'session.code_reused', 'session.displaced', 'session.others_revoked', 'session.refresh_token_reused', 'session.refresh_token_shared', 'session.revoked', 'session.signed_out', 'session.started', 'sign_in.refused', 'session.code-reused', 'session.others-revoked', 'session.refresh-token-reused', 'session.refresh-token-shared', 'session.signed-out', 'sign-in.refused')) NOT VALID;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_target_kind_known" CHECK ("audit_events"."target_kind" in ('user', 'organization', 'invitation', 'join_link', 'api_key')) NOT VALID;--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_plan_known" CHECK ("organizations"."plan" in ('standard', 'large')) NOT VALID;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_letter_known" CHECK ("outbox"."letter" in ('sign-in', 'sign-up', 'email-verification', 'password-reset', 'email-change', 'email-change-asked', 'email-changed', 'already-registered', 'new-device', 'password-changed', 'session-ended', 'codes-refused', 'invitation', 'organization-handed-over', 'organization-received', 'api-key-created', 'api-key-rotated', 'api-key-reported')) NOT VALID;