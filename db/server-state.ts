/** What a database that answers may still lack, so that nobody is sent to a router that could not serve them. */
import { Outage } from './outage.ts';

/** How many migrations this release has. Who adds one counts it here: the journal of the folder is in no bundle. */
export const level = 17;

export interface ServerState {
  readonly readOnly: boolean;
  /** How many migrations were applied: more than ours, where a newer release has been. */
  readonly level: number;
}

export function findFault(state: ServerState): Outage | undefined {
  if (state.readOnly) {
    const reason = 'The database can only be read: it is a standby, or default_transaction_read_only is on';
    return new Outage('25006', reason);
  }
  if (state.level >= level) return undefined;
  const reason = `${state.level} migrations are applied, and this release needs ${level}`;
  return new Outage('MIGRATIONS_MISSING', reason);
}
