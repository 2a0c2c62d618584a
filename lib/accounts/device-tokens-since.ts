/** Since when the device tokens of an address count, for `ChargedLimit.checkDevice`. */
import type { Sql } from '../../db/sql.ts';

/** Undefined for an address without an account. */
export async function readDeviceTokensSince(sql: Sql, email: string): Promise<Date | undefined> {
  const [owner] = await sql<{ deviceTokensSince: Date }>`
    select device_tokens_since from users where email = ${email}`;
  return owner?.deviceTokensSince;
}
