CREATE INDEX "audit_events_occurred_at_index" ON "audit_events" USING btree ("occurred_at");--> statement-breakpoint
CREATE INDEX "magic_links_end_index" ON "magic_links" USING btree (least("used_at", "expires_at"));--> statement-breakpoint
CREATE INDEX "outbox_sent_index" ON "outbox" USING btree ("sent_at") WHERE "outbox"."sent_at" is not null;--> statement-breakpoint
CREATE INDEX "outbox_dead_index" ON "outbox" USING btree ("dead_at") WHERE "outbox"."dead_at" is not null;--> statement-breakpoint
CREATE INDEX "refresh_tokens_end_index" ON "refresh_tokens" USING btree (least("revoked_at" at time zone 'UTC', "expires_at" at time zone 'UTC', "rotated_at" at time zone 'UTC' + interval '30 days'));--> statement-breakpoint
-- Whoever owns the table can switch the trigger off and the setting on; the router's role owns nothing, and may delete only
-- through the function.
CREATE OR REPLACE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('blockbot.sweeps_audit_events', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'audit_events is append only';
END
$$;--> statement-breakpoint
CREATE FUNCTION "sweep_audit_events"("before" timestamp with time zone, "at_most" integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  swept integer;
BEGIN
  IF "before" IS NULL OR "before" > now() - interval '30 days' THEN
    RAISE EXCEPTION 'audit_events of the last 30 days are kept' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM set_config('blockbot.sweeps_audit_events', 'on', true);
  DELETE FROM public.audit_events WHERE id = ANY (ARRAY(
    SELECT id FROM public.audit_events WHERE occurred_at < "before"
    ORDER BY occurred_at LIMIT at_most FOR UPDATE SKIP LOCKED
  ));
  GET DIAGNOSTICS swept = ROW_COUNT;
  PERFORM set_config('blockbot.sweeps_audit_events', '', true);
  RETURN swept;
END
$$;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "sweep_audit_events"(timestamp with time zone, integer) FROM PUBLIC;
