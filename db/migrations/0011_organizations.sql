CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"invited_by" uuid,
	"token_hash" "bytea" NOT NULL,
	"code_hash" "bytea",
	"code_tries" smallint DEFAULT 0 NOT NULL,
	"emails" smallint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"accepted_by" uuid,
	"declined_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invitations_email_lower_case" CHECK ("invitations"."email" = lower("invitations"."email")),
	CONSTRAINT "invitations_role_known" CHECK ("invitations"."role" in ('owner', 'admin', 'member'))
);
--> statement-breakpoint
CREATE TABLE "join_links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"domain" text,
	"maximum_uses" integer,
	"uses" integer DEFAULT 0 NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "invited_by" uuid;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_users_id_fk" FOREIGN KEY ("accepted_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "join_links" ADD CONSTRAINT "join_links_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "join_links" ADD CONSTRAINT "join_links_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_pending_key" ON "invitations" USING btree ("organization_id","email") WHERE "invitations"."accepted_at" is null and "invitations"."declined_at" is null and "invitations"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "invitations_email_index" ON "invitations" USING btree ("email");--> statement-breakpoint
CREATE INDEX "invitations_invited_by_index" ON "invitations" USING btree ("invited_by");--> statement-breakpoint
CREATE INDEX "invitations_accepted_by_index" ON "invitations" USING btree ("accepted_by");--> statement-breakpoint
CREATE INDEX "invitations_end_index" ON "invitations" USING btree (least("accepted_at", "declined_at", "revoked_at", "expires_at"));--> statement-breakpoint
CREATE UNIQUE INDEX "join_links_token_hash_key" ON "join_links" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "join_links_live_key" ON "join_links" USING btree ("organization_id") WHERE "join_links"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "join_links_organization_id_index" ON "join_links" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "join_links_created_by_index" ON "join_links" USING btree ("created_by");--> statement-breakpoint
CREATE INDEX "join_links_end_index" ON "join_links" USING btree (least("revoked_at", "expires_at"));--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_invited_by_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "magic_links_organization_id_index" ON "magic_links" USING btree ("organization_id") WHERE "magic_links"."organization_id" is not null;--> statement-breakpoint
CREATE INDEX "memberships_invited_by_index" ON "memberships" USING btree ("invited_by") WHERE "memberships"."invited_by" is not null;--> statement-breakpoint
CREATE INDEX "organizations_deleted_index" ON "organizations" USING btree ("deleted_at") WHERE "organizations"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "refresh_tokens_organization_id_index" ON "refresh_tokens" USING btree ("organization_id");--> statement-breakpoint
CREATE VIEW "public"."live_memberships" AS (select "memberships"."organization_id", "memberships"."user_id", "memberships"."role", "memberships"."created_at", "organizations"."name", "organizations"."slug" from "memberships" inner join "organizations" on "organizations"."id" = "memberships"."organization_id" where "organizations"."deleted_at" is null);--> statement-breakpoint
-- Last, because the trail may be long and every sign-in writes to it: the time that its indexes take is the time it is locked.
ALTER TABLE "audit_events" DROP CONSTRAINT "audit_events_event_known";--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "actor_kind" text;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "actor_id" text;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "target_kind" text;--> statement-breakpoint
ALTER TABLE "audit_events" ADD COLUMN "target_id" uuid;--> statement-breakpoint
-- No rewrite: the function is stable, so one value is kept for all rows that there are, this transaction, which is over
-- before a row is read by it.
ALTER TABLE "audit_events" ADD COLUMN "xact" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_actor_kind_known" CHECK ("audit_events"."actor_kind" in ('user', 'key', 'operator', 'system', 'nobody')) NOT VALID;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_target_kind_known" CHECK ("audit_events"."target_kind" in ('user', 'organization', 'invitation', 'join_link')) NOT VALID;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_event_known" CHECK ("audit_events"."event" in ('account.deleted', 'account.registered', 'email.changed', 'email.verified', 'invitation.declined', 'invitation.revoked', 'join_link.created', 'join_link.revoked', 'member.invited', 'member.joined', 'member.left', 'member.removed', 'member.role_changed', 'organization.created', 'organization.deleted', 'organization.renamed', 'organization.restored', 'organization.transferred', 'password.changed', 'password.reset', 'session.code_reused', 'session.displaced', 'session.others_revoked', 'session.refresh_token_reused', 'session.refresh_token_shared', 'session.revoked', 'session.signed_out', 'session.started', 'sign_in.refused', 'session.code-reused', 'session.others-revoked', 'session.refresh-token-reused', 'session.refresh-token-shared', 'session.signed-out', 'sign-in.refused')) NOT VALID;--> statement-breakpoint
CREATE INDEX "audit_events_refused_sign_ins_index" ON "audit_events" USING btree ("occurred_at") WHERE "audit_events"."event" = 'sign_in.refused';--> statement-breakpoint
CREATE INDEX "audit_events_organization_id_index" ON "audit_events" USING btree ("organization_id","xact","id") WHERE "audit_events"."organization_id" is not null;--> statement-breakpoint
CREATE INDEX "audit_events_actor_id_index" ON "audit_events" USING btree ("actor_id","occurred_at") WHERE "audit_events"."actor_id" is not null;
