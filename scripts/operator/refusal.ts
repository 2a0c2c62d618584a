/** Why a command has not done what it was told, and the exit code that says so. */

/** Its message is for the operator; nothing was changed. */
export class Refusal extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** An exit code of its own, so that a script can tell it from a failure. */
export function refuseUnknown(what: string): Refusal {
  return new Refusal(what, 3);
}
