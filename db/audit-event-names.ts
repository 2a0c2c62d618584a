/** What the audit trail calls things that happen. By themselves, for functions that take such a name. */

/** What is written: parts joined by full stops, their words by `_`, as Standard Webhooks wants the types of events. */
export const auditEventNames = [
  'account.deleted',
  'account.disabled',
  'account.enabled',
  'account.exported',
  'account.registered',
  'email.changed',
  'email.verified',
  'invitation.declined',
  'invitation.revoked',
  'join_link.created',
  'join_link.revoked',
  'member.invited',
  'member.joined',
  'member.left',
  'member.removed',
  'member.role_changed',
  'organization.created',
  'organization.deleted',
  'organization.purged',
  'organization.renamed',
  'organization.restored',
  'organization.transferred',
  'password.changed',
  'password.reset',
  'session.all_revoked',
  'session.code_reused',
  'session.displaced',
  'session.others_revoked',
  'session.refresh_token_reused',
  'session.refresh_token_shared',
  'session.revoked',
  'session.signed_out',
  'session.started',
  'sign_in.refused',
] as const;
export type AuditEventName = (typeof auditEventNames)[number];

/** As they were spelt before; old rows have them, and a router of the release before still writes them. */
export const formerAuditEventNames = [
  'session.code-reused',
  'session.others-revoked',
  'session.refresh-token-reused',
  'session.refresh-token-shared',
  'session.signed-out',
  'sign-in.refused',
] as const;
