-- By where the rows are and not by their ids, as the sweeps of lib/core/retention.ts do.
CREATE OR REPLACE FUNCTION "sweep_audit_events"("before" timestamp with time zone, "at_most" integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  swept integer;
BEGIN
  IF "before" IS NULL OR "before" > now() - interval '30 days' THEN
    RAISE EXCEPTION 'audit_events of the last 30 days are kept' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM set_config('blockbot.sweeps_audit_events', 'on', true);
  DELETE FROM public.audit_events WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM public.audit_events WHERE occurred_at < "before"
    ORDER BY occurred_at LIMIT at_most FOR UPDATE SKIP LOCKED
  ));
  GET DIAGNOSTICS swept = ROW_COUNT;
  PERFORM set_config('blockbot.sweeps_audit_events', '', true);
  RETURN swept;
END
$$;
