/** What changing somebody's place in an organization comes to, and why it is refused. */
import type { Role } from '../../db/schema.ts';
import type { Permission } from '../core/permissions.ts';
import { Problem } from '../core/problem.ts';
import { toDenied } from '../http/authorize.ts';
import { assertPermitted, type CallerMembership } from './caller-membership.ts';

export interface MemberChangeOutcome extends CallerMembership {
  readonly changedAt: Date;
  /** Of whom it is about; null where they are no member. */
  readonly targetRole: Role | null;
  /** Whether the caller's role reaches the target's, and the one that is given. */
  readonly reaches: boolean | null;
  /** Whether the target is the only owner, and would be none afterwards. */
  readonly isLastOwner: boolean | null;
}

/** @throws {Problem} `session-ended`, `not-found`, `permission-denied`, `last-owner` */
export function assertChanged(
  outcome: MemberChangeOutcome | undefined,
  permission: Permission,
): asserts outcome is MemberChangeOutcome {
  assertPermitted(outcome, permission);
  if (!outcome || outcome.targetRole === null) throw new Problem('not-found');
  if (!outcome.reaches) throw toDenied(permission);
  if (outcome.isLastOwner) throw new Problem('last-owner');
}
