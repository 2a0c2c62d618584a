/**
 * The tables. Migrations are generated from this file (`npm run db:generate -- --name what-changes`), and `npm run
 * check:sql` holds every statement and the type of its rows against them. Times are `timestamptz`, ids are UUIDv7 made
 * by the application, secrets are stored as hashes only. A text of which there are only some has them listed once, here,
 * and a check constraint; a new one is in the database before a release that writes it. Long because tables refer to
 * each other, and one file is what drizzle-kit reads.
 */
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  check,
  cidr,
  customType,
  date,
  index,
  inet,
  integer,
  pgTable,
  pgView,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { type AuditEventName, auditEventNames, formerAuditEventNames } from './audit-event-names.ts';
import { type Language, languages } from './languages.ts';
import { type Plan, plans } from './plans.ts';
import { roles } from './roles.ts';

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
/** A transaction's number with its epoch: it never starts again. */
const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });
const instant = (name: string) => timestamp(name, { withTimezone: true });
const createdAt = () => instant('created_at').notNull().defaultNow();
const updatedAt = () => instant('updated_at').notNull().defaultNow();

/** As text, because a constraint takes no parameters. */
const isOneOf = (column: AnyPgColumn, texts: readonly string[]) =>
  sql`${column} in (${sql.raw(texts.map((text) => `'${text}'`).join(', '))})`;

/** Why an operator has disabled an account; what is to be told of it stands elsewhere. */
export const disabledReasons = ['abuse', 'security', 'request', 'other'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** A person. `passwordHash` is null for an account that signs in by mailed links only. */
export const users = pgTable(
  'users',
  {
    id: uuid('id').primaryKey(),
    email: text('email').notNull(),
    name: text('name'),
    /** What we write to them in. */
    locale: text('locale').$type<Language>().notNull().default('en'),
    emailVerifiedAt: instant('email_verified_at'),
    passwordHash: text('password_hash'),
    /** SHA-256 of what the client that registered the address was given; it alone confirms it with its password. */
    registrationNonceHash: bytes('registration_nonce_hash'),
    /** Device tokens that were issued before count for nothing: set by whatever ends the sessions of a possible thief. */
    deviceTokensSince: instant('device_tokens_since').notNull().defaultNow(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    /** Since when nobody signs in to it, nor goes on in a session of it; null of an account that is in use. */
    disabledAt: instant('disabled_at'),
    disabledReason: text('disabled_reason').$type<DisabledReason>(),
  },
  (table) => [
    uniqueIndex('users_email_key').on(table.email),
    check('users_email_lower_case', sql`${table.email} = lower(${table.email})`),
    check('users_locale_known', isOneOf(table.locale, languages)),
    check('users_disabled_reason_known', isOneOf(table.disabledReason, disabledReasons)),
    check(
      'users_disabled_for_a_reason',
      sql`(${table.disabledAt} is null) = (${table.disabledReason} is null)`,
    ),
  ],
);

export const organizations = pgTable(
  'organizations',
  {
    id: uuid('id').primaryKey(),
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    /** How much its API keys may ask, each and together. */
    plan: text('plan').$type<Plan>().notNull().default('standard'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    /** From then on it is found nowhere; it can be restored until the sweep. The slug stays taken. */
    deletedAt: instant('deleted_at'),
  },
  (table) => [
    uniqueIndex('organizations_slug_key').on(table.slug),
    index('organizations_deleted_index')
      .on(table.deletedAt)
      .where(sql`${table.deletedAt} is not null`),
    check('organizations_plan_known', isOneOf(table.plan, plans)),
  ],
);

export type Role = (typeof roles)[number];

export const memberships = pgTable(
  'memberships',
  {
    organizationId: uuid('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role').$type<Role>().notNull(),
    /** Null for who made the organization, and once the inviter has no account any more. */
    invitedBy: uuid('invited_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.userId] }),
    index('memberships_user_id_index').on(table.userId),
    index('memberships_invited_by_index')
      .on(table.invitedBy)
      .where(sql`${table.invitedBy} is not null`),
    check('memberships_role_known', isOneOf(table.role, roles)),
  ],
);

/** Who is in which organization, as far as it is not deleted, with what the organization is called. */
export const liveMemberships = pgView('live_memberships').as((query) =>
  query
    .select({
      organizationId: memberships.organizationId,
      userId: memberships.userId,
      role: memberships.role,
      createdAt: memberships.createdAt,
      name: organizations.name,
      slug: organizations.slug,
    })
    .from(memberships)
    .innerJoin(organizations, sql`${organizations.id} = ${memberships.organizationId}`)
    .where(sql`${organizations.deletedAt} is null`),
);

/** Who is asked into an organization by email, whether or not the address has an account. One is pending per address. */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid('id').primaryKey(),
    organizationId: uuid('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    email: text('email').notNull(),
    /** As it was given; at acceptance the inviter's role of that time bounds it. */
    role: text('role').$type<Role>().notNull(),
    invitedBy: uuid('invited_by').references(() => users.id, { onDelete: 'set null' }),
    tokenHash: bytes('token_hash').notNull(),
    /** How many emails went out for it. */
    emails: smallint('emails').notNull().default(0),
    createdAt: createdAt(),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
    acceptedBy: uuid('accepted_by').references(() => users.id, { onDelete: 'set null' }),
    declinedAt: instant('declined_at'),
    revokedAt: instant('revoked_at'),
  },
  (table) => [
    uniqueIndex('invitations_token_hash_key').on(table.tokenHash),
    // Until somebody ends it: one that has only expired is renewed by the next and not followed by a second.
    uniqueIndex('invitations_pending_key')
      .on(table.organizationId, table.email)
      .where(sql`${table.acceptedAt} is null and ${table.declinedAt} is null and ${table.revokedAt} is null`),
    // What an organization's end looks for: of those that have ended, too.
    index('invitations_organization_id_index').on(table.organizationId),
    index('invitations_email_index').on(table.email),
    index('invitations_invited_by_index').on(table.invitedBy),
    index('invitations_accepted_by_index').on(table.acceptedBy),
    index('invitations_end_index').on(
      sql`least(${table.acceptedAt}, ${table.declinedAt}, ${table.revokedAt}, ${table.expiresAt})`,
    ),
    check('invitations_email_lower_case', sql`${table.email} = lower(${table.email})`),
    check('invitations_role_known', isOneOf(table.role, roles)),
  ],
);

/** A link by which whoever has it, and a verified address, becomes a member. One per organization is not revoked. */
export const joinLinks = pgTable(
  'join_links',
  {
    id: uuid('id').primaryKey(),
    organizationId: uuid('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    tokenHash: bytes('token_hash').notNull(),
    /** Of the addresses that may join by it; null for any. */
    domain: text('domain'),
    /** Null for no bound. */
    maximumUses: integer('maximum_uses'),
    uses: integer('uses').notNull().default(0),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (table) => [
    uniqueIndex('join_links_token_hash_key').on(table.tokenHash),
    uniqueIndex('join_links_live_key')
      .on(table.organizationId)
      .where(sql`${table.revokedAt} is null`),
    index('join_links_organization_id_index').on(table.organizationId),
    index('join_links_created_by_index').on(table.createdBy),
    index('join_links_end_index').on(sql`least(${table.revokedAt}, ${table.expiresAt})`),
  ],
);

/**
 * Keys of programs, of which only the SHA-256 is at rest. One belongs to its organization, and to a person besides where it may
 * no more than they may there.
 */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey(),
    organizationId: uuid('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Whose it is; null for the organization's own. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    secretHash: bytes('secret_hash').notNull(),
    /** Of the key before the last rotation, which goes on until then. */
    previousHash: bytes('previous_hash'),
    previousUntil: instant('previous_until'),
    /** Names of permissions (`lib/core/permissions.ts`). */
    scopes: text('scopes').array().notNull(),
    /** So many in so many seconds; null for what the organization's plan allows. */
    limitRequests: integer('limit_requests'),
    limitSeconds: integer('limit_seconds'),
    /** Null for never. */
    expiresAt: instant('expires_at'),
    /** To ten minutes, and the network (/24, /48) from which it was used then. */
    lastUsedAt: instant('last_used_at'),
    lastUsedNetwork: cidr('last_used_network'),
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    revokedAt: instant('revoked_at'),
  },
  (table) => [
    index('api_keys_organization_id_index').on(table.organizationId, table.createdAt),
    index('api_keys_user_id_index')
      .on(table.userId)
      .where(sql`${table.userId} is not null`),
    index('api_keys_created_by_index').on(table.createdBy),
    index('api_keys_end_index').on(sql`least(${table.revokedAt}, ${table.expiresAt})`),
    check('api_keys_limit_whole', sql`(${table.limitRequests} is null) = (${table.limitSeconds} is null)`),
    check('api_keys_previous_ends', sql`(${table.previousHash} is null) = (${table.previousUntil} is null)`),
  ],
);

/** Requests by key and day (UTC), for people to look at: what a process has not written yet is lost with it. */
export const apiKeyUsage = pgTable(
  'api_key_usage',
  {
    keyId: uuid('key_id')
      .notNull()
      .references(() => apiKeys.id, { onDelete: 'cascade' }),
    day: date('day').notNull(),
    requests: bigint('requests', { mode: 'number' }).notNull(),
    /** Of them, over a limit. */
    refused: bigint('refused', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.keyId, table.day] }),
    index('api_key_usage_day_index').on(table.day),
  ],
);

/**
 * One row per session: a refresh-token family (RFC 9700, section 4.14.2), however often it rotates.
 * `counter` is the generation of the newest token, `rotatedAt` when it was issued, `nonceHash` the SHA-256 of
 * the part of the token that never reaches this table.
 */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    organizationId: uuid('organization_id').references(() => organizations.id, { onDelete: 'set null' }),
    nonceHash: bytes('nonce_hash').notNull(),
    counter: integer('counter').notNull().default(0),
    amr: text('amr').array().notNull(),
    userAgent: text('user_agent'),
    address: inet('address'),
    createdAt: createdAt(),
    rotatedAt: instant('rotated_at').notNull().defaultNow(),
    /** The client's address that the newest token was issued to. */
    rotatedAddress: inet('rotated_address'),
    /** A hash of the device that it was issued to, under the session's id. */
    rotatedDevice: bytes('rotated_device'),
    /** Counter of the last generation whose parent was presented again late, or from another network or device. */
    lateGeneration: integer('late_generation'),
    /** How many consecutive generations it is the last of that this happened to. */
    lateRun: smallint('late_run').notNull().default(0),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (table) => [
    index('refresh_tokens_user_id_index').on(table.userId),
    // What an organization's end looks for, in whose row it is set null.
    index('refresh_tokens_organization_id_index').on(table.organizationId),
    // When it ended or will end, for the sweep; in UTC, because only without a time zone is that sum immutable.
    index('refresh_tokens_end_index').on(
      sql`least(${table.revokedAt} at time zone 'UTC', ${table.expiresAt} at time zone 'UTC', ${table.rotatedAt} at time zone 'UTC' + interval '30 days')`,
    ),
  ],
);

/**
 * The sessions that still count: not revoked, used in the last 30 days, younger than their absolute end, and of an account
 * that is not disabled.
 */
export const liveSessions = pgView('live_sessions').as((query) =>
  query
    .select()
    .from(refreshTokens)
    .where(
      sql`${refreshTokens.revokedAt} is null
        and ${refreshTokens.expiresAt} > now()
        and ${refreshTokens.rotatedAt} > now() - interval '30 days'
        and not exists (select from ${users} where ${users.id} = ${refreshTokens.userId} and ${users.disabledAt} is not null)`,
    ),
);

/** The devices that an account has signed in from, as keyed hashes; a sign-in from another one is told by email. */
export const knownDevices = pgTable(
  'known_devices',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    deviceHash: bytes('device_hash').notNull(),
    seenAt: instant('seen_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.deviceHash] })],
);

export const verificationPurposes = [
  'sign-in',
  'email-verification',
  'password-reset',
  'email-change',
  'invitation',
  // Mailed to nobody: what an app gets for a mailed link, and exchanges for its tokens.
  'authorization',
] as const;
export type VerificationPurpose = (typeof verificationPurposes)[number];

/**
 * Every mailed one-time verification, and what an app gets for its link. The token of either is kept as its SHA-256, the code of
 * an email as a keyed hash.
 */
export const magicLinks = pgTable(
  'magic_links',
  {
    id: uuid('id').primaryKey(),
    purpose: text('purpose').$type<VerificationPurpose>().notNull(),
    email: text('email').notNull(),
    // Who is gone confirms nothing, but the wrong codes of a mailbox stay counted: they are counted here.
    userId: uuid('user_id').references(() => users.id, { onDelete: 'set null' }),
    organizationId: uuid('organization_id').references(() => organizations.id, { onDelete: 'cascade' }),
    /** The session that asked, where the verification ends with it; of an `authorization`, the one that it gave. */
    sessionId: uuid('session_id').references(() => refreshTokens.id, { onDelete: 'set null' }),
    tokenHash: bytes('token_hash').notNull(),
    codeHash: bytes('code_hash'),
    codeTries: smallint('code_tries').notNull().default(0),
    browserNonceHash: bytes('browser_nonce_hash'),
    userAgent: text('user_agent'),
    redirectTo: text('redirect_to'),
    /** SHA-256 of what only the app that asked has (RFC 7636); null where no app asked for a code. */
    codeChallenge: bytes('code_challenge'),
    /** The app's own, handed back with its code (RFC 6749, section 4.1.1). */
    state: text('state'),
    createdAt: createdAt(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [
    uniqueIndex('magic_links_token_hash_key').on(table.tokenHash),
    index('magic_links_email_purpose_index').on(table.email, table.purpose),
    index('magic_links_user_id_index').on(table.userId),
    index('magic_links_session_id_index').on(table.sessionId),
    index('magic_links_organization_id_index')
      .on(table.organizationId)
      .where(sql`${table.organizationId} is not null`),
    check('magic_links_purpose_known', isOneOf(table.purpose, verificationPurposes)),
    index('magic_links_end_index').on(sql`least(${table.usedAt}, ${table.expiresAt})`),
  ],
);

/** By what `lib/mail/parameters.ts` calls them. */
const emailTemplates = [
  'sign-in',
  'sign-up',
  'email-verification',
  'password-reset',
  'email-change',
  'email-change-asked',
  'email-changed',
  'already-registered',
  'new-device',
  'password-changed',
  'session-ended',
  'codes-refused',
  'invitation',
  'organization-handed-over',
  'organization-received',
  'api-key-created',
  'api-key-rotated',
  'api-key-reported',
] as const;

/**
 * Emails to send, written in the transaction of what they announce. The id is the idempotency key. What an email
 * says is sealed, because a link's token may be in it, and is erased once the email is sent or given up. An email
 * whose link would be dead on arrival is not sent after `usefulUntil`.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    recipient: text('recipient').notNull(),
    letter: text('letter').$type<(typeof emailTemplates)[number]>().notNull(),
    sealed: bytes('sealed'),
    usefulUntil: instant('useful_until'),
    attempts: integer('attempts').notNull().default(0),
    createdAt: createdAt(),
    nextAttemptAt: instant('next_attempt_at').notNull().defaultNow(),
    sentAt: instant('sent_at'),
    deadAt: instant('dead_at'),
    lastError: text('last_error'),
  },
  (table) => [
    index('outbox_waiting_index')
      .on(table.recipient, table.createdAt, table.id)
      .where(sql`${table.sentAt} is null and ${table.deadAt} is null`),
    check('outbox_letter_known', isOneOf(table.letter, emailTemplates)),
    // What an account's end looks for.
    index('outbox_user_id_index')
      .on(table.userId)
      .where(sql`${table.userId} is not null`),
    index('outbox_sent_index')
      .on(table.sentAt)
      .where(sql`${table.sentAt} is not null`),
    index('outbox_dead_index')
      .on(table.deadAt)
      .where(sql`${table.deadAt} is not null`),
  ],
);

const actorKinds = ['user', 'key', 'operator', 'system', 'nobody'] as const;
const targetKinds = ['user', 'organization', 'invitation', 'join_link', 'api_key'] as const;

/**
 * What happened, append only: a trigger refuses changes, but for `sweep_audit_events`, which deletes what is older than
 * it is told, and nothing that is younger than 30 days. It has no foreign keys on purpose: the trail
 * outlives the account, and holds nothing of it but the id.
 */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: uuid('id').primaryKey(),
    occurredAt: instant('occurred_at').notNull().defaultNow(),
    event: text('event').$type<AuditEventName | (typeof formerAuditEventNames)[number]>().notNull(),
    /** Whose trail it stands in: the person whom it happened to. */
    userId: uuid('user_id'),
    organizationId: uuid('organization_id'),
    sessionId: uuid('session_id'),
    requestId: text('request_id'),
    /** Who did it, where that need not be the person of `user_id`: an id, or the name that an operator is logged in by. */
    actorKind: text('actor_kind').$type<(typeof actorKinds)[number]>(),
    actorId: text('actor_id'),
    /** What it was done to, beside the organization that it was done in. */
    targetKind: text('target_kind').$type<(typeof targetKinds)[number]>(),
    targetId: uuid('target_id'),
    /**
     * The transaction that wrote it. Rows become visible in another order than they were made in: whoever reads on by
     * `(xact, id)` and only below `pg_snapshot_xmin(pg_current_snapshot())` misses none.
     */
    xact: transactionId('xact')
      .notNull()
      .default(sql`pg_current_xact_id()`),
  },
  (table) => [
    index('audit_events_user_id_index').on(table.userId, table.occurredAt),
    index('audit_events_occurred_at_index').on(table.occurredAt),
    index('audit_events_refusals_index')
      .on(table.occurredAt)
      .where(sql`${table.event} = 'sign-in.refused'`),
    index('audit_events_refused_sign_ins_index')
      .on(table.occurredAt)
      .where(sql`${table.event} = 'sign_in.refused'`),
    index('audit_events_organization_id_index')
      .on(table.organizationId, table.xact, table.id)
      .where(sql`${table.organizationId} is not null`),
    index('audit_events_actor_id_index')
      .on(table.actorId, table.occurredAt)
      .where(sql`${table.actorId} is not null`),
    check('audit_events_event_known', isOneOf(table.event, [...auditEventNames, ...formerAuditEventNames])),
    check('audit_events_actor_kind_known', isOneOf(table.actorKind, actorKinds)),
    check('audit_events_target_kind_known', isOneOf(table.targetKind, targetKinds)),
  ],
);
