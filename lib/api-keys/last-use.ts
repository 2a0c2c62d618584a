/** When a key was used last: to ten minutes, so that one in use is not written to all the time. */
import { fragment, type SqlFragment } from '../../db/sql.ts';

/** Whether a use of a row of `api_keys` is to be written down. */
export const isNewUse = (at: SqlFragment): SqlFragment =>
  fragment`coalesce(last_used_at < ${at} - interval '10 minutes', true)`;
