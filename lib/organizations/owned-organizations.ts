/** How many organizations one person owns. */
import { fragment, type SqlFragment } from '../../db/sql.ts';

/** At once; deleted ones do not count. */
const mostOwned = 20;

/**
 * Whether somebody owns as many as they can. Of many that they would own at once each sees those before it: they are to be locked
 * (`lockOwner`) in a statement before.
 *
 * @param userId a column with its table's name, or it would be one of the memberships that are counted
 */
export function ownsMost(userId: SqlFragment): SqlFragment {
  return fragment`(
        select count(*) from live_memberships as owned where owned.user_id = ${userId} and owned.role = 'owner'
      ) >= ${mostOwned}::int`;
}
