/** Who acts, as the audit trail is told. */
import type { Operator } from '../../lib/core/audit-event.ts';
import { refuseUsage } from '../../lib/core/command-line.ts';

/** What a line of a log can show, and no more of it than a line has. */
const printable = /^[\p{L}\p{N}\p{P}\p{S}](?:[\p{L}\p{N}\p{P}\p{S} ]{0,62}[\p{L}\p{N}\p{P}\p{S}])?$/u;

/** Ends the process where nobody is named: an act that nobody did is of no use in the trail. @param as of --as */
export function readOperator(usage: string, as: string | undefined): Operator {
  const name = (as ?? process.env['USER'] ?? '').trim();
  if (name === '') refuseUsage(usage, 'Say who you are by --as NAME: $USER is not set');
  if (!printable.test(name)) {
    refuseUsage(usage, `${as === undefined ? '$USER' : '--as'} is no name of up to 64 printable characters`);
  }
  return { name };
}
