/** TOKEN_SECRET as operators write it: one secret, or several while it is rotated, newest first. */
import { EnvironmentError } from './variables.ts';

/** What was made under the last one is tried with all before it: a bound on that work. */
const mostSecrets = 5;
const shortest = 32;
/** Fewer in so many characters are typed and not drawn: even of digits alone one in a million secrets has as few. */
const fewestDifferent = 6;

/**
 * A list split by commas; in a file also one a line.
 *
 * @throws {EnvironmentError} with every fault, by the place in the list and without the secret
 */
export function tokenSecrets(text: string): string[] {
  const secrets = text.split(/[,\n]/).map((secret) => secret.trim());
  const faults = findFaults(secrets);
  if (faults.length > 0) throw new EnvironmentError(faults);
  return secrets;
}

function findFaults(secrets: readonly string[]): readonly string[] {
  const { length } = secrets;
  const faults = secrets.flatMap((secret, nth) => {
    const fault = findFault(secret, secrets.indexOf(secret), nth);
    return fault === undefined ? [] : [length === 1 ? fault : `secret ${nth + 1} of ${length} ${fault}`];
  });
  return length > mostSecrets
    ? [...faults, `has ${length} secrets, and ${mostSecrets} at most may be in use`]
    : faults;
}

function findFault(secret: string, first: number, nth: number): string | undefined {
  if (secret === '') return 'is empty';
  if (secret.length < shortest) return `must have at least ${shortest} characters`;
  if (new Set(secret).size < fewestDifferent)
    return `must have at least ${fewestDifferent} different characters`;
  return first < nth ? `is the same as secret ${first + 1}` : undefined;
}
