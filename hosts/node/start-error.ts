/** How a Node process ends that could not start. */
import { EnvironmentError } from '../../lib/core/variables.ts';
import { toErrorMessage } from '../../lib/core/error-message.ts';

/** Says why on standard error and exits: 78 for a fault of the environment, 1 for anything else. */
export function exitOnStartError(error: unknown): never {
  const misconfigured = error instanceof EnvironmentError;
  const reasons = misconfigured ? error.faults : [toErrorMessage(error)];
  process.stderr.write(`Blockbot can't start:\n${reasons.map((reason) => `  ${reason}\n`).join('')}`);
  // EX_CONFIG of sysexits.h: starting again without a change is of no use.
  process.exit(misconfigured ? 78 : 1);
}
