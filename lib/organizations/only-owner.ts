/** Who can neither leave an organization nor step down in it, so that pages offer them neither. */
import { fragment } from '../../db/sql.ts';

/** Whether a row of `live_memberships as membership` is of the one owner that its organization has. */
export const isOnlyOwner = fragment`
      coalesce(membership.role = 'owner' and not exists (
        select from memberships as other
        where other.organization_id = membership.organization_id and other.role = 'owner'
          and other.user_id <> membership.user_id
      ), false)`;
