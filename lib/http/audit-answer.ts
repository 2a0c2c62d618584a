/** What an endpoint of the audit trail takes behind its question mark, and how it answers: JSON, or one event a line. */
import type { Context } from 'hono';
import * as z from 'zod/mini';
import { auditEventNames } from '../../db/audit-event-names.ts';
import { parseAuditCursor, toAuditCursor } from '../core/audit-cursor.ts';
import type { AuditedEvent, AuditPage, AuditQuery } from '../core/audit-trail.ts';
import { Problem } from '../core/problem.ts';
import { parseInput } from './input.ts';
import { isPreferred } from './media-type.ts';
import type { FunctionEnv } from './services.ts';

const Query = z.object({
  limit: z.optional(
    z.string().check(z.regex(/^(?:[1-9]\d?|[1-4]\d\d|500)$/, 'Must be a number from 1 to 500')),
  ),
  after: z.optional(z.string()),
  event: z.optional(z.enum(auditEventNames, { error: 'Must be the name of an event' })),
});

const lines = 'application/x-ndjson';

/**
 * With a `Link` to what follows, always, so that whoever follows it goes on for ever (RFC 8288).
 *
 * @param read undefined where the query goes on from a position of another cluster
 * @param nameActor which of the actors is told
 * @throws {Problem} `invalid-input`
 */
export async function answerTrail(
  c: Pick<Context<FunctionEnv>, 'env' | 'req' | 'header' | 'json' | 'body'>,
  read: (query: AuditQuery) => Promise<AuditPage | undefined>,
  nameActor: (event: AuditedEvent) => boolean,
): Promise<Response> {
  const { keyring, settings } = c.env;
  const { limit = '100', after, event } = parseInput(Query, c.req.query());
  const position = after === undefined ? undefined : parseAuditCursor(keyring, after);
  if (after !== undefined && !position) throw refuseCursor('Must be `next` of an answer');
  const page = await read({ limit: Number(limit), after: position, event });
  if (!page) throw refuseCursor('Is of another database: begin again without it');
  const next = toAuditCursor(keyring, page.next);
  const query = new URLSearchParams({ limit, ...(event && { event }), after: next });
  c.header('Link', `<${settings.publicUrl}${c.req.path}?${query}>; rel="next"`);
  c.header('Vary', 'Accept', { append: true });
  const events = page.events.map((each) => toEvent(each, nameActor(each)));
  if (!isPreferred(c.req.header('accept'), lines, 'application/json')) {
    return c.json({ audit_events: events, next });
  }
  const body = events.map((each) => `${JSON.stringify(each)}\n`).join('');
  return c.body(body, 200, { 'Content-Type': lines });
}

const refuseCursor = (detail: string) =>
  new Problem('invalid-input', { errors: [{ pointer: '#/after', code: 'invalid', detail }] });

/** Old rows have `-` in their names, where all have `_`. */
function toEvent(row: AuditedEvent, isActorNamed: boolean) {
  return {
    id: row.id,
    event: row.event.replaceAll('-', '_'),
    occurred_at: row.occurredAt.toISOString(),
    user_id: row.userId,
    organization_id: row.organizationId,
    session_id: row.sessionId,
    request_id: row.requestId,
    actor_kind: row.actorKind,
    actor_id: isActorNamed ? row.actorId : null,
    target_kind: row.targetKind,
    target_id: row.targetId,
  };
}
